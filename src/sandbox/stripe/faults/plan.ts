import { z } from 'zod';

/**
 * What can go wrong with one request.
 *
 * Without effect, and nothing kept under the idempotency key: `failBefore` (500), `rateLimit`
 * (429), `hangBefore` (silence for `holdMs`, then 500), `resetBefore` (connection reset).
 *
 * With effect: `failAfter` (500 now, the true answer on replay), `hang` (silence for `holdMs`,
 * during which the key is in use, then the answer), `reset` (connection reset, the true answer on
 * replay), `sticky500` (500 now and on every replay, as Stripe's v1 API keeps a 500 under its key).
 */
export const faultNames = [
  'failBefore',
  'failAfter',
  'hang',
  'hangBefore',
  'rateLimit',
  'reset',
  'resetBefore',
  'sticky500',
] as const;
export type FaultName = (typeof faultNames)[number];

/** Deliveries of webhooks under way at once, at most; so many unless their order is the seed's. */
export const DELIVERIES_AT_ONCE = 16;

const ppm = z.number().int().min(0).max(1_000_000);
const millis = z.number().int().min(0).max(3_600_000);

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

const rule = z.strictObject({
  fault: z.enum(faultNames),
  /** Only requests with this method and a path (without query) that this pattern finds. */
  match: z
    .strictObject({
      method: z.enum(['GET', 'POST']).optional(),
      path: z.string().refine(isPattern, 'not a regular expression').optional(),
    })
    .optional(),
  /** At most this often. */
  times: z.number().int().min(0).optional(),
  /** How likely, in parts per million; always when absent. */
  ratePpm: ppm.optional(),
  /** How long `hang` and `hangBefore` hold; 60 s when absent. */
  holdMs: millis.optional(),
  /** What `rateLimit` says of when to come back; 1 s when absent. */
  retryAfterSeconds: z.number().int().min(0).max(86_400).optional(),
});

/**
 * Faults to come. Rules are asked in order, the first that fires decides. The same seed and the
 * same order of requests give the same faults.
 *
 * `webhooks` delivers events twice under one id (`duplicatePpm`), tells the same news again under an
 * event id of its own (`copyPpm`), late (`delayPpm`, `delayMs`), or shuffled: `reorderWindow`
 * deliveries wait for each other, at most `reorderMs`, and then go one after the other, or `atOnce`
 * at a time: then they overtake each other as well, in an order that is nobody's.
 */
export const faultPlan = z.strictObject({
  seed: z.number().int().min(0).max(0xffff_ffff).optional(),
  rules: z.array(rule).default([]),
  webhooks: z
    .strictObject({
      atOnce: z.number().int().min(1).max(DELIVERIES_AT_ONCE).optional(),
      copyPpm: ppm.default(0),
      duplicatePpm: ppm.default(0),
      delayPpm: ppm.default(0),
      delayMs: millis.default(0),
      reorderMs: millis.default(200),
      reorderWindow: z.number().int().min(1).max(1000).default(1),
    })
    .optional(),
});
export type FaultPlan = z.input<typeof faultPlan>;
export type FaultRule = z.output<typeof rule>;
export type WebhookFaults = NonNullable<z.output<typeof faultPlan>['webhooks']>;
