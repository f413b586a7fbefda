import type { DecodedInstruction } from './decode-transaction.js';

const COMPUTE_BUDGET = 'ComputeBudget111111111111111111111111111111';
const LAMPORTS_PER_SIGNATURE = 5_000;
const DEFAULT_UNITS = 200_000;
const [LIMIT, PRICE] = [2, 3];

/** What a message costs, in lamports: https://solana.com/docs/core/fees. */
export function feeOf(signatures: number, instructions: readonly DecodedInstruction[]): number {
  const budget = instructions.filter(({ program }) => program === COMPUTE_BUDGET);
  const of = (tag: number, bytes: number) =>
    budget.find(({ data }) => data[0] === tag && data.length === 1 + bytes)?.data;
  const units =
    of(LIMIT, 4)?.readUInt32LE(1) ?? DEFAULT_UNITS * (instructions.length - budget.length);
  const price = of(PRICE, 8)?.readBigUInt64LE(1) ?? 0n;
  const priority = (BigInt(units) * price + 999_999n) / 1_000_000n;
  return signatures * LAMPORTS_PER_SIGNATURE + Number(priority);
}
