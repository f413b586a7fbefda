import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainName } from '../../src/kernel/chain/chain-names.js';
import { inTurns } from '../../src/nft/infra/in-turns.js';

/** Signed bytes and what the chain knows them by. */
export interface Signed {
  readonly hash: string;
  readonly bytes: Buffer;
}

interface Bare {
  /** The method that takes bytes, and what it is told. */
  send(bytes: Buffer): readonly [method: string, params: readonly unknown[]];
  /** Which of these are not final yet. Throws when one of them came to nothing. */
  open(rpc: Rpc, hashes: readonly string[]): Promise<readonly string[]>;
}

type Rpc = (method: string, params: readonly unknown[]) => Promise<unknown>;

const AT_ONCE = 16;
const POLL_MS = 20;
const PATIENCE_MS = 60_000;
const STATUSES_AT_ONCE = 256;

const BARE: Readonly<Record<ChainName, Bare>> = {
  polygon: {
    send: (bytes) => ['eth_sendRawTransaction', [`0x${bytes.toString('hex')}`]],
    open: async (rpc, hashes) => {
      const final = (await rpc('eth_getBlockByNumber', ['finalized', false])) as Block;
      const receipts = await Promise.all(
        hashes.map((hash) => rpc('eth_getTransactionReceipt', [hash]) as Promise<Receipt>),
      );
      if (receipts.some((each) => each?.status === '0x0')) throw new Error('a mint reverted');
      return hashes.filter((_, at) => {
        const receipt = receipts[at];
        return !receipt || Number(receipt.blockNumber) > Number(final.number);
      });
    },
  },
  solana: {
    send: (bytes) => [
      'sendTransaction',
      [bytes.toString('base64'), { encoding: 'base64', skipPreflight: true }],
    ],
    open: async (rpc, hashes) => {
      const still: string[] = [];
      for (let at = 0; at < hashes.length; at += STATUSES_AT_ONCE) {
        const asked = hashes.slice(at, at + STATUSES_AT_ONCE);
        const { value } = (await rpc('getSignatureStatuses', [asked])) as Statuses;
        if (value.some((status) => status?.err)) throw new Error('a mint failed');
        still.push(...asked.filter((_, n) => value[n]?.confirmationStatus !== 'finalized'));
      }
      return still;
    },
  },
};

type Block = Readonly<{ number: string }>;
type Receipt = Readonly<{ status: string; blockNumber: string }> | null;
type Statuses = Readonly<{
  value: readonly (Readonly<{ err: unknown; confirmationStatus: string }> | null)[];
}>;

/** Sends bytes to a node, a few at once, and waits until all of them are final; seconds. */
export async function sendBare(
  chain: ChainName,
  rpcUrl: string,
  signed: readonly Signed[],
): Promise<number> {
  const [bare, rpc] = [BARE[chain], rpcOf(rpcUrl)];
  const from = performance.now();
  await inTurns(signed, AT_ONCE, async ({ bytes }) => {
    await rpc(...bare.send(bytes));
  });
  let open: readonly string[] = signed.map(({ hash }) => hash);
  while ((open = await bare.open(rpc, open)).length > 0) {
    if (performance.now() - from > PATIENCE_MS) throw new Error(`${open.length} are not final`);
    await sleep(POLL_MS);
  }
  return (performance.now() - from) / 1_000;
}

function rpcOf(url: string): Rpc {
  return async (method, params) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body });
    const { result, error } = (await response.json()) as { result: unknown; error?: object };
    if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  };
}
