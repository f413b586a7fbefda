import { z } from 'zod';

const text = z.string().min(1);
const whole = z.int().min(0);

export const genesisHash = text;
export const signature = text;
export const lamports = whole;

export const blockhash = z.object({
  value: z.object({ blockhash: text, lastValidBlockHeight: whole }),
});

export const epochInfo = z.object({ absoluteSlot: whole, blockHeight: whole });

export const balance = z.object({ value: whole });

export const prioritizationFees = z.array(z.object({ prioritizationFee: whole }));

export const statuses = z.object({
  context: z.object({ slot: whole }),
  value: z.array(z.object({ confirmationStatus: z.string().nullish() }).nullable()),
});

/** Without `meta` a node knows of a transaction and not what it did. */
export const transaction = z
  .object({
    slot: whole,
    meta: z
      .object({
        err: z.unknown(),
        fee: whole,
        preBalances: z.array(whole),
        postBalances: z.array(whole),
        logMessages: z.array(z.string()).nullish(),
      })
      .nullish(),
  })
  .nullable();

export const accounts = z.object({
  value: z.array(
    z
      .object({
        owner: text,
        lamports: z.number(),
        executable: z.boolean(),
        data: z.tuple([z.base64(), z.literal('base64')]),
      })
      .nullable(),
  ),
});

export const holders = z.object({
  value: z.array(z.object({ address: text, amount: z.string() })),
});
