import { createHmac } from 'node:crypto';

/** `Stripe-Signature` over exactly these bytes, https://docs.stripe.com/webhooks#verify-manually. */
export function signWebhook(secret: string, timestamp: number, body: string): string {
  const signed = createHmac('sha256', secret)
    .update(`${String(timestamp)}.${body}`)
    .digest('hex');
  return `t=${String(timestamp)},v1=${signed}`;
}
