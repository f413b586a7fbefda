import { createHash } from 'node:crypto';
import type { Collection } from '../state/collection.js';
import type { IdempotencyRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { invalidRequest, StripeFailure, withDocUrl } from './errors.js';

const LIFETIME = 24 * 3600;
/** Answers kept at most, so that a long run stays in memory; far more than a day of a test has. */
const MAX_RECORDS = 100_000;
const MAX_KEY = 255;

/** A key claimed by the request that runs now. */
export interface Claim {
  id: string;
  key: string;
  fingerprint: string;
}

/**
 * Stripe's v1 idempotency, https://docs.stripe.com/api/idempotent_requests: the first answer that
 * came out of running is kept for 24 hours, whatever its status, and repeated for the same
 * parameters; other parameters are 400, a request that still runs is 409. Keys belong to an API key.
 */
export class Idempotency {
  private readonly running = new Set<string>();
  private readonly records: Collection<IdempotencyRecord>;

  constructor(private readonly world: World) {
    this.records = world.idempotency;
  }

  /** Answers the kept record to replay, or a claim to run under. Refusals: 400, 409. */
  begin(account: string, key: string, request: string): IdempotencyRecord | Claim {
    if (key.length > MAX_KEY) {
      throw invalidRequest(`Idempotency keys may be at most ${String(MAX_KEY)} characters.`);
    }
    const id = `${account} ${key}`;
    if (this.running.has(id)) throw inUse(key);
    const fingerprint = createHash('sha1').update(request).digest('base64');
    const record = this.records.get(id);
    if (record !== undefined && record.created + LIFETIME > this.world.now()) {
      if (record.fingerprint !== fingerprint) throw otherParameters(key);
      return record;
    }
    this.running.add(id);
    return { id, key, fingerprint };
  }

  /** Keeps the answer. The claim stays until `release`. */
  keep(claim: Claim, requestId: string, status: number, body: string): void {
    const { id, fingerprint } = claim;
    this.records.put({ id, created: this.world.now(), fingerprint, requestId, status, body });
    if (this.records.size % 1000 === 0) this.forget();
  }

  release(claim: Claim): void {
    this.running.delete(claim.id);
  }

  private forget(): void {
    const records = this.records.all();
    const alive = records.findIndex(({ created }) => created + LIFETIME > this.world.now());
    const expired = alive < 0 ? records.length : alive;
    this.records.dropOldest(Math.max(expired, records.length - MAX_RECORDS));
  }
}

const inUse = (key: string): StripeFailure =>
  new StripeFailure(
    409,
    withDocUrl({
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key: ${key}. Please try again later.`,
    }),
    { 'stripe-should-retry': 'true' },
  );

const otherParameters = (key: string): StripeFailure =>
  new StripeFailure(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
