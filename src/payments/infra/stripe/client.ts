import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Stripe from 'stripe';

export interface StripeSettings {
  readonly secretKey: string;
  readonly apiBase: string;
  readonly timeoutMs: number;
  readonly maxConcurrent: number;
}

/** docs.stripe.com/keys: `sk_live_…`, restricted `rk_live_…`. */
export function isLive(secretKey: string): boolean {
  return /^[sr]k_live_/.test(secretKey);
}

/** The vendor's SDK, without retries of its own: one attempt, one time-out, our key on every call. */
export function stripeClient(settings: StripeSettings): Stripe {
  const base = new URL(settings.apiBase);
  const secure = base.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: settings.maxConcurrent };
  return new Stripe(settings.secretKey, {
    host: base.hostname,
    port: base.port || (secure ? '443' : '80'),
    protocol: secure ? 'https' : 'http',
    httpAgent: secure ? new HttpsAgent(options) : new HttpAgent(options),
    timeout: settings.timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
    appInfo: { name: 'tickettoken-payments' },
  });
}
