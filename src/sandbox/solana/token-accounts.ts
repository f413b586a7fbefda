import { toBase58 } from '../../kernel/chain/solana/index.js';

export const TOKEN_PROGRAMS = [
  'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
  'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb',
];

export interface MintFacts {
  readonly supply: bigint;
  readonly decimals: number;
}

export interface HoldingFacts {
  readonly mint: string;
  readonly owner: string;
  readonly amount: bigint;
}

const [MINT_BYTES, HOLDING_BYTES] = [82, 165];
/** What an extended account says that it is, behind the bytes that both kinds have room in. */
const [IS_MINT, IS_HOLDING] = [1, 2];

/** A mint's facts (SPL token, `state.rs`); undefined when the data are none. */
export function mintOf(data: Uint8Array): MintFacts | undefined {
  if (!hasLayout(data, MINT_BYTES, IS_MINT)) return undefined;
  const bytes = Buffer.from(data);
  return { supply: bytes.readBigUInt64LE(36), decimals: bytes.readUInt8(44) };
}

/** The facts of an account that holds tokens; undefined when the data are none. */
export function holdingOf(data: Uint8Array): HoldingFacts | undefined {
  if (!hasLayout(data, HOLDING_BYTES, IS_HOLDING)) return undefined;
  const bytes = Buffer.from(data);
  return {
    mint: toBase58(bytes.subarray(0, 32)),
    owner: toBase58(bytes.subarray(32, 64)),
    amount: bytes.readBigUInt64LE(64),
  };
}

function hasLayout(data: Uint8Array, bytes: number, kind: number): boolean {
  return data.length === bytes || (data.length > HOLDING_BYTES && data[HOLDING_BYTES] === kind);
}
