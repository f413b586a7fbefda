import type { TokenOrder } from '../ticket-chain.js';
import { SYMBOL } from './token-text.js';

/** Largest transaction that the network passes on, in bytes (`PACKET_DATA_SIZE`). */
export const TRANSACTION_BYTES = 1232;

const KEY = 32;
const SIGNATURE = 64;

/** One signature, version, header, block hash; the counts of all lists; the account that pays. */
const FRAME = 1 + SIGNATURE + 1 + 3 + 1 + KEY + 1 + 1 + KEY;
/** Compute budget, system, token and associated token account program. */
const PROGRAMS = 4 * KEY;
/** Limit and price of computation: no accounts, 5 and 9 bytes. */
const COMPUTE_BUDGET = instruction(0, 5) + instruction(0, 9);

/** What does not depend on the ticket, in the order of `mintInstructions`. */
const FIXED_INSTRUCTIONS =
  instruction(2, 12) +
  instruction(2, 116) +
  instruction(1, 66) +
  instruction(1, 33) +
  instruction(1, 35) +
  instruction(6, 1) +
  instruction(3, 9) +
  instruction(2, 3);
const METADATA_FRAME = 8 + 4 + 4 + 4;

/**
 * The exact size of the transaction that mints these orders. The base account pays; where it is not
 * known, it is taken for none of the owners.
 */
export function mintTransactionBytes(orders: readonly TokenOrder[], base?: string): number {
  const owners = new Set(orders.map(({ owner }) => owner).filter((owner) => owner !== base));
  const tickets = orders.map(({ name, uri }) => {
    const text = byteLength(name) + byteLength(SYMBOL) + byteLength(uri);
    return 2 * KEY + FIXED_INSTRUCTIONS + instruction(4, METADATA_FRAME + text);
  });
  return FRAME + PROGRAMS + COMPUTE_BUDGET + owners.size * KEY + sum(tickets);
}

/** Cuts orders, in their order, into as few transactions as their sizes allow. */
export function cutBySize(orders: readonly TokenOrder[], base?: string): TokenOrder[][] {
  const cuts: TokenOrder[][] = [];
  for (const order of orders) {
    const last = cuts.at(-1);
    if (last && mintTransactionBytes([...last, order], base) <= TRANSACTION_BYTES) last.push(order);
    else cuts.push([order]);
  }
  return cuts;
}

/** Index of its program, its accounts' indexes and its data, both with their lengths before them. */
function instruction(accounts: number, data: number): number {
  return 1 + 1 + accounts + (data < 128 ? 1 : 2) + data;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
