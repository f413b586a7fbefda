import { z } from 'zod';
import type { SolanaConfig } from '../../config/index.js';
import { askNode } from './ask-node.js';
import { congestionLevel, median } from './congestion.js';
import type { GasReading, GasSource } from './gas-source.js';

/** A Token-2022 mint with metadata pointer, permanent delegate and the metadata of a ticket. */
const MINT_ACCOUNT_BYTES = 470;
/** The owner's associated token account with its immutable owner. */
const TOKEN_ACCOUNT_BYTES = 170;
/** Measured on litesvm; a transaction holds one ticket or two. */
const COMPUTE_UNITS_PER_TICKET = 30_000n;
/** Fixed by the protocol (solana.com/docs/core/fees). */
const LAMPORTS_PER_SIGNATURE = 5_000n;
const MICRO = 1_000_000n;
/** What counts as now: one slot alone says little. */
const NEWEST_SLOTS = 10;

const lamports = z.int().min(0).transform(BigInt);
/** Micro-lamports for a compute unit. */
const priorityFees = z.array(z.object({ slot: z.int(), prioritizationFee: lamports }));

/**
 * What a ticket takes on Solana: the rent that its two accounts must hold, a signature, and the
 * priority fee of the newest slots (`getRecentPrioritizationFees`, 150 slots at most).
 */
export function solanaGas({ rpcUrl }: SolanaConfig, timeoutMs: number): GasSource {
  const node = { chain: 'solana', rpcUrl, timeoutMs } as const;
  const rentOf = (bytes: number) =>
    askNode(node, 'getMinimumBalanceForRentExemption', [bytes], lamports);
  return {
    chain: 'solana',
    read: async (): Promise<GasReading> => {
      const [mint, token, recent] = await Promise.all([
        rentOf(MINT_ACCOUNT_BYTES),
        rentOf(TOKEN_ACCOUNT_BYTES),
        askNode(node, 'getRecentPrioritizationFees', [], priorityFees),
      ]);
      const prices = [...recent]
        .sort((a, b) => a.slot - b.slot)
        .map(({ prioritizationFee }) => prioritizationFee);
      const price = median(prices.slice(-NEWEST_SLOTS));
      const priority = (price * COMPUTE_UNITS_PER_TICKET + MICRO - 1n) / MICRO;
      return {
        feePerTicket: mint + token + LAMPORTS_PER_SIGNATURE + priority,
        congestionLevel: congestionLevel(price, prices),
      };
    },
  };
}
