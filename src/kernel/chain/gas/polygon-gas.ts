import { z } from 'zod';
import type { PolygonConfig } from '../../config/index.js';
import { askNode } from './ask-node.js';
import { congestionLevel, median } from './congestion.js';
import type { GasReading, GasSource } from './gas-source.js';

/** A ticket's share of `mintBatch` with ten of them, measured on anvil. */
const GAS_PER_TICKET = 55_000n;
const BLOCKS = 100;

const quantity = z
  .string()
  .regex(/^0x[\da-f]{1,64}$/i)
  .transform((hex) => BigInt(hex));

const feeHistory = z.object({
  /** One more than blocks: the last is the next block's. */
  baseFeePerGas: z.array(quantity).min(1),
  reward: z.array(z.array(quantity)).nullish(),
});

/**
 * Polygon's price of gas: base fee and median tip of the last hundred blocks (`eth_feeHistory`,
 * EIP-1559). Never the gas station that ethers asks on chain 137.
 */
export function polygonGas({ rpcUrl }: PolygonConfig, timeoutMs: number): GasSource {
  const node = { chain: 'polygon', rpcUrl, timeoutMs } as const;
  return {
    chain: 'polygon',
    read: async (): Promise<GasReading> => {
      const params = [`0x${BLOCKS.toString(16)}`, 'latest', [50]];
      const { baseFeePerGas, reward } = await askNode(node, 'eth_feeHistory', params, feeHistory);
      const tips = (reward ?? []).map(([tip = 0n]) => tip);
      const prices = tips.map((tip, block) => tip + (baseFeePerGas[block] ?? 0n));
      const next = (baseFeePerGas.at(-1) ?? 0n) + median(tips);
      return {
        feePerTicket: next * GAS_PER_TICKET,
        congestionLevel: congestionLevel(next, prices),
      };
    },
  };
}
