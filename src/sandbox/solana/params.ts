import { fromBase58 } from '../../kernel/chain/solana/index.js';
import type { Commitment } from './block-clock.js';
import { RpcError } from './rpc-error.js';

const COMMITMENTS: readonly unknown[] = ['processed', 'confirmed', 'finalized'];
const ACCOUNTS_AT_ONCE = 100;
const SIGNATURES_AT_ONCE = 256;

/** Without one a node reads the final state. */
export function commitment(options: unknown): Commitment {
  const asked = member(options, 'commitment');
  if (asked === undefined) return 'finalized';
  if (!COMMITMENTS.includes(asked)) throw invalid('unknown commitment');
  return asked as Commitment;
}

export function skipsPreflight(options: unknown): boolean {
  return member(options, 'skipPreflight') === true;
}

export function address(value: unknown): string {
  return base58(value, 32);
}

export function signature(value: unknown): string {
  return base58(value, 64);
}

export function addresses(value: unknown): string[] {
  return list(value, ACCOUNTS_AT_ONCE).map(address);
}

export function signatures(value: unknown): string[] {
  return list(value, SIGNATURES_AT_ONCE).map(signature);
}

export function whole(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw invalid('not a whole number');
  return Number(value);
}

export function base64(value: unknown): Buffer {
  if (typeof value !== 'string') throw invalid('not a text');
  return Buffer.from(value, 'base64');
}

/** Bytes in the encoding that the options name; base 58, a node's default, is not emulated. */
export function encoded(value: unknown, options: unknown): Buffer {
  if (member(options, 'encoding') !== 'base64') throw invalid('the encoding must be base64');
  return base64(value);
}

function base58(value: unknown, bytes: number): string {
  if (typeof value !== 'string' || !fromBase58(value, bytes)) throw invalid(`not ${bytes} bytes`);
  return value;
}

function list(value: unknown, most: number): unknown[] {
  if (!Array.isArray(value)) throw invalid('not a list');
  if (value.length > most) throw invalid(`too many inputs provided; max ${most}`);
  return value;
}

function member(options: unknown, name: string): unknown {
  if (typeof options !== 'object' || options === null) return undefined;
  return (options as Readonly<Record<string, unknown>>)[name];
}

function invalid(what: string): RpcError {
  return new RpcError(-32_602, `Invalid params: ${what}`);
}
