import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Uuid } from '../../kernel/ids.js';

const SECRET_BYTES = 32;

/** A secret that nobody has seen, as Standard Webhooks writes it. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * The headers of a message (standardwebhooks.com): its id, which is the event's and the same at every
 * try, the instant of this try, and one signature a secret.
 */
export function signedHeaders(
  secrets: readonly string[],
  id: Uuid,
  at: Date,
  body: string,
): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
