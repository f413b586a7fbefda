import { createHmac, randomUUID } from 'node:crypto';
import { signInternalRequest } from '../../src/kernel/auth/internal-signature.js';
import type { WorldDescription } from '../../src/sandbox/description.js';

/** A request as its bytes will go out. */
export interface Outgoing {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: Buffer | undefined;
}

export type Headers = Record<string, string>;

/** Makes a request somebody's own: the headers that prove who sends it. */
export type Signer = (request: Outgoing) => Headers;

export const anonymous: Signer = () => ({});

/** A user's request, with an idempotency key of its own. */
export const asUser =
  (token: string): Signer =>
  () => ({ authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() });

/** A request of one of the platform's services, for a tenant. */
export const asService =
  ({ internal, tenantId }: WorldDescription): Signer =>
  ({ method, path, body = Buffer.alloc(0) }) =>
    signInternalRequest({ ...internal, tenantId, method, path, body, now: new Date() });

/** An event as Stripe signs it (docs.stripe.com/webhooks, "Verify manually"). */
export const asStripe =
  ({ stripe }: WorldDescription): Signer =>
  ({ body = Buffer.alloc(0) }) => {
    const at = Math.floor(Date.now() / 1_000);
    const signed = Buffer.concat([Buffer.from(`${at}.`), body]);
    const v1 = createHmac('sha256', stripe.webhookSecret).update(signed).digest('hex');
    return { 'stripe-signature': `t=${at},v1=${v1}` };
  };
