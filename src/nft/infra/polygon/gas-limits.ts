import type { TokenOrder } from '../ticket-chain.js';

/** No transaction may have more gas than 2^24 (EIP-7825). */
const HIGHEST = 16_777_216n;

/** What minting takes, as measured on anvil for holders who had no ticket. */
const MINT_BASE = 30_000n;
const MINT_EACH = 52_000n;
/** Each 32 bytes of a URI that the contract has to keep. */
const URI_WORD = 22_700n;
const WORD_BYTES = 32;

/** About twice what they take; gas that is not used is not paid. */
export const burnLimit = 120_000n;
export const clawBackLimit = 120_000n;

/** Most of it is for a transfer policy that has something to look up and to write down. */
export const transferLimit = 400_000n;

/** The limit of a mint, a seventh above what is expected; `uris` are those that the contract keeps. */
export function mintLimit(count: number, uris: readonly string[]): bigint {
  const roomy = (expectedGas(count, uris) * 8n) / 7n;
  return roomy < HIGHEST ? roomy : HIGHEST;
}

/** Whether these fit one transaction, even if the contract had to keep every URI. */
export function fitOneTransaction(orders: readonly TokenOrder[]): boolean {
  const uris = orders.map(({ uri }) => uri);
  return expectedGas(orders.length, uris) <= HIGHEST;
}

function expectedGas(count: number, uris: readonly string[]): bigint {
  const words = uris.reduce((sum, uri) => sum + wordsOf(uri), 0);
  return MINT_BASE + BigInt(count) * MINT_EACH + BigInt(words) * URI_WORD;
}

/** What a text takes in storage: its length and itself, one word together when it is short. */
function wordsOf(uri: string): number {
  const bytes = Buffer.byteLength(uri);
  if (bytes === 0) return 0;
  return bytes < WORD_BYTES ? 1 : 1 + Math.ceil(bytes / WORD_BYTES);
}
