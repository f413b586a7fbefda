import type { FetchRequest, JsonRpcError, JsonRpcPayload } from 'ethers';
import { ChainUnavailable } from '../chain-unavailable.js';
import { ethers } from './ethers.js';
import type { EvmNetwork } from './networks.js';
import { NodeRefusal } from './node-refusal.js';

/** Asks a node. Throws `NodeRefusal` for an error it answers, `ChainUnavailable` for no answer. */
export type Ask = (method: string, params: readonly unknown[]) => Promise<unknown>;

/**
 * JSON-RPC over HTTP. The network is given and has no plug-ins (those of Polygon ask a gas station
 * elsewhere), nothing is cached or tried twice, and the whole exchange has a time limit. No message
 * quotes the address, which may hold a key.
 */
export function jsonRpc(url: string, network: EvmNetwork, timeoutMs: number): Ask {
  const { FetchRequest, JsonRpcProvider, Network } = ethers();
  class Provider extends JsonRpcProvider {
    override getRpcError(_: JsonRpcPayload, { error }: JsonRpcError): Error {
      const data = typeof error.data === 'string' ? error.data : undefined;
      return new NodeRefusal(error.code, error.message ?? '', data);
    }
  }
  const request = new FetchRequest(url);
  request.timeout = timeoutMs;
  request.setThrottleParams({ maxAttempts: 1 });
  request.getUrlFunc = (each) => exchange(each, timeoutMs);
  const chain = new Network(network.name, network.chainId);
  const provider = new Provider(request, chain, {
    staticNetwork: chain,
    cacheTimeout: -1,
    batchMaxCount: 1,
  });
  return async (method, params) => {
    try {
      return (await provider.send(method, [...params])) as unknown;
    } catch (error) {
      if (error instanceof NodeRefusal) throw error;
      throw new ChainUnavailable('polygon', reasonOf(error));
    }
  };
}

async function exchange({ url, method, headers, body }: FetchRequest, timeoutMs: number) {
  const response = await fetch(url, {
    method,
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  return {
    statusCode: response.status,
    statusMessage: response.statusText,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

function reasonOf(error: unknown): string {
  // A DOMException, which is no Error where the two come from different realms.
  if (isNamed(error) && error.name === 'TimeoutError') return 'no answer in time';
  if (!(error instanceof Error)) return 'unknown trouble';
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return `no connection: ${String(cause.code)}`;
  if (error instanceof SyntaxError) return 'the answer is not JSON';
  return 'shortMessage' in error ? String(error.shortMessage) : 'no connection';
}

function isNamed(error: unknown): error is { readonly name: unknown } {
  return typeof error === 'object' && error !== null && 'name' in error;
}
