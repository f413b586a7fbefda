import { z } from 'zod';

/** A number as Ethereum's JSON-RPC writes it. */
export const quantity = z
  .string()
  .regex(/^0x[\da-f]{1,64}$/i)
  .transform(BigInt);

const count = quantity.transform(Number).refine(Number.isSafeInteger);
const hash = z.string().regex(/^0x[\da-f]{64}$/i);

export const bytes = z.string().regex(/^0x(?:[\da-f]{2})*$/i);
export const nonce = count;
export const chainId = count;
export const transactionHash = hash;

export const block = z.object({ number: count, hash });
export type EvmBlock = z.output<typeof block>;

export const feeHistory = z
  .object({
    baseFeePerGas: z.array(quantity).min(1),
    gasUsedRatio: z.array(z.number().min(0)),
    reward: z.array(z.array(quantity)).nullish(),
  })
  .transform(({ baseFeePerGas, gasUsedRatio, reward }) => ({
    baseFees: baseFeePerGas,
    gasUsedRatios: gasUsedRatio,
    tips: reward ?? [],
  }));

export const receipt = z
  .object({
    blockNumber: count,
    blockHash: hash,
    status: quantity,
    gasUsed: quantity,
    effectiveGasPrice: quantity,
  })
  .transform(({ blockNumber, blockHash, status, gasUsed, effectiveGasPrice }) => ({
    block: { number: blockNumber, hash: blockHash },
    succeeded: status === 1n,
    /** wei */
    cost: gasUsed * effectiveGasPrice,
  }));
export type EvmReceipt = z.output<typeof receipt>;

export const transaction = z.object({ blockNumber: count.nullable() });
