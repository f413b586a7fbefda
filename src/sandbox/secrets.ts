import { createHmac, randomBytes } from 'node:crypto';

/** The secrets of one world: random at its first start, then kept. */
export interface WorldSecrets {
  readonly stripeSecretKey: string;
  readonly stripeWebhookSecret: string;
  /** Service name → the secret that signs its internal calls. */
  readonly internal: Readonly<Record<string, string>>;
  readonly quoteToken: string;
  /** Key id → 32 bytes, base64. */
  readonly vault: Readonly<Record<string, string>>;
}

/** The service that scripts speak as on the internal routes. */
export const INTERNAL_SERVICE = 'order-service';

const INTERNAL_SERVICES = ['ticket-service', INTERNAL_SERVICE, 'venue-service'];

/** Secrets nobody has seen yet. */
export function newSecrets(): WorldSecrets {
  return {
    stripeSecretKey: `sk_test_${secret(24)}`,
    stripeWebhookSecret: `whsec_${secret(24)}`,
    internal: Object.fromEntries(INTERNAL_SERVICES.map((service) => [service, secret(32)])),
    quoteToken: secret(32),
    vault: { v1: randomBytes(32).toString('base64') },
  };
}

/** `a:1,b:2`, the form in which the application's configuration takes a list of named secrets. */
export function namedList(secrets: Readonly<Record<string, string>>): string {
  return Object.entries(secrets)
    .map(([name, value]) => `${name}:${value}`)
    .join(',');
}

/** What a service's webhooks are signed with: the secret that the two share already. */
export function webhookSecret({ internal }: WorldSecrets, service: string): string {
  return `whsec_${Buffer.from(internal[service] ?? '', 'hex').toString('base64')}`;
}

/** What signs the waiting room's access tokens: it follows from what every world has kept. */
export function queueTokenSecret({ quoteToken }: WorldSecrets): string {
  return createHmac('sha256', quoteToken).update('queue').digest('hex');
}

/** What hashes the cards and addresses that purchases are counted by, as the one above. */
export function purchaseLimitSecret({ quoteToken }: WorldSecrets): string {
  return createHmac('sha256', quoteToken).update('purchase limits').digest('hex');
}

/** What opens the chains' key files, as the one above. */
export function chainKeyPassphrase({ quoteToken }: WorldSecrets): string {
  return createHmac('sha256', quoteToken).update('chain keys').digest('hex');
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
