import { z } from 'zod';
import { ChainUnavailable } from '../chain-unavailable.js';
import type { ChainName } from '../chain-names.js';

export interface Node {
  readonly chain: ChainName;
  readonly rpcUrl: string;
  readonly timeoutMs: number;
}

const envelope = z.object({ result: z.unknown(), error: z.unknown() }).partial();

/**
 * One question to a node in JSON-RPC 2.0, for what needs no chain's library. Throws `ChainUnavailable`
 * for anything but an answer of this shape in time; it never names the address, which may hold a key.
 */
export async function askNode<T>(
  { chain, rpcUrl, timeoutMs }: Node,
  method: string,
  params: readonly unknown[],
  shape: z.ZodType<T>,
): Promise<T> {
  try {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`${method} was answered ${response.status}`);
    const { result, error } = envelope.parse(await response.json());
    if (error !== undefined && error !== null) throw new Error(`${method} was refused`);
    return shape.parse(result);
  } catch (error) {
    throw new ChainUnavailable(chain, error);
  }
}
