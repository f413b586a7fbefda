import { z } from 'zod';
import { COUNTS, HISTORY_FEATURES, SESSION_FEATURES } from './feature-names.js';

const score = z.number().min(0).max(1);
const name = z.string().regex(/^[a-z][a-z0-9_]{1,63}$/);

/** A score above `decline` declines; above `review` or `challenge` it does that. */
const bands = z
  .strictObject({ challenge: score, review: score, decline: score })
  .refine((b) => b.challenge <= b.review && b.review <= b.decline, 'bands must ascend');

/** A feature by its name, which must be among `names`; others are refused with `message`. */
const featureOf = (names: readonly string[], message: string) =>
  z.string().refine((feature) => names.includes(feature), message);

/**
 * A sign and how much it says. Between `from` and `to` its strength grows from 0 to 1, and `to` may
 * be the smaller: less is then more suspicious. What is null says nothing; true is 1, false 0.
 */
const indicatorOf = (feature: z.ZodString) =>
  z
    .strictObject({
      name,
      feature,
      from: z.number(),
      to: z.number(),
      /** The score when nothing else speaks; several are combined as independent evidence. */
      weight: score,
    })
    .refine(({ from, to }) => from !== to, 'from and to must differ');

const detectorOf = (feature: z.ZodString) =>
  z.strictObject({ bands, indicators: z.array(indicatorOf(feature)).max(64) });

const limit = z.strictObject({
  name,
  feature: featureOf(COUNTS, 'is no count of history'),
  allowed: z.int().min(0),
  /** After so long the counted have left the feature's window; null: waiting does not help. */
  windowSeconds: z.int().min(1).nullable(),
});

/** A rule set as it is stored and sent: thresholds, weights and limits are all data. */
export const ruleSetSchema = z.strictObject({
  version: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  bot: detectorOf(featureOf(SESSION_FEATURES, 'is no feature of a session')),
  scalper: detectorOf(featureOf(HISTORY_FEATURES, 'is no feature of history')),
  velocity: z.array(limit).max(64),
});

export type RuleSet = z.infer<typeof ruleSetSchema>;
export type Bands = z.infer<typeof bands>;

export type Indicator = RuleSet['bot']['indicators'][number];

/**
 * A rule set from JSON.
 * @throws {z.ZodError} when it is none: an unknown feature or member, a weight beyond 0 to 1, bands
 * that do not ascend
 */
export function parseRuleSet(value: unknown): RuleSet {
  return ruleSetSchema.parse(value);
}
