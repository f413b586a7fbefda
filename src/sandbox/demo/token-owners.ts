import type { ChainName } from '../../kernel/chain/chain-names.js';
import type { ChainsDescription } from '../chains/index.js';
import type { ChainFacts } from '../chains/local-chain.js';
import { holdingOf } from '../solana/token-accounts.js';

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Largest {
  readonly value: readonly { readonly address: string; readonly amount: string }[];
}

interface Account {
  readonly value: { readonly data: readonly [base64: string, encoding: string] };
}

/** `ownerOf(uint256)` of ERC-721. */
const OWNER_OF = '0x6352211e';
/** What a contract that refuses is answered with. */
const REVERTED = 3;

/** Who owns a token by the chain's own word; null: nobody, it was burned or never made. */
export async function ownerOf(
  chain: ChainName,
  chains: ChainsDescription,
  tokenId: string,
): Promise<string | null> {
  const facts = chains[chain];
  if (!facts) throw new Error(`There is no ${chain} here.`);
  return chain === 'polygon' ? onPolygon(facts, tokenId) : onSolana(facts, tokenId);
}

async function onPolygon({ rpcUrl, contract }: ChainFacts, tokenId: string) {
  const data = OWNER_OF + BigInt(tokenId).toString(16).padStart(64, '0');
  const answer = await ask(rpcUrl, 'eth_call', [{ to: contract, data }, 'latest']);
  if (answer.error?.code === REVERTED) return null;
  return `0x${String(resultOf(answer)).slice(-40)}`;
}

async function onSolana({ rpcUrl }: ChainFacts, mint: string) {
  const largest = resultOf(await ask(rpcUrl, 'getTokenLargestAccounts', [mint]));
  const holder = (largest as Largest).value.find(({ amount }) => amount === '1');
  if (!holder) return null;
  const asked = [holder.address, { encoding: 'base64' }];
  const account = resultOf(await ask(rpcUrl, 'getAccountInfo', asked));
  const [data] = (account as Account).value.data;
  return holdingOf(Buffer.from(data, 'base64'))?.owner ?? null;
}

/** Asks a node as any stranger could: no library, and none of our code, is between. */
async function ask(rpcUrl: string, method: string, params: readonly unknown[]): Promise<Answer> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return (await response.json()) as Answer;
}

function resultOf({ result, error }: Answer): unknown {
  if (error) throw new Error(`The node refuses: ${error.message}`);
  return result;
}
