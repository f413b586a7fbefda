import { describeWorld, type WorldDescription } from './description.js';
import { type Identities, JWT_AUDIENCE, JWT_ISSUER } from './identities.js';
import { type Mailbox, startMailbox } from './mail/index.js';
import { type Platform, startPlatform } from './platform/index.js';
import { type PriceFeedEmulator, startPriceFeed } from './prices/index.js';
import {
  namedList,
  purchaseLimitSecret,
  queueTokenSecret,
  webhookSecret,
  type WorldSecrets,
} from './secrets.js';
import { startStripeEmulator } from './stripe/index.js';

export type StripeEmulator = Awaited<ReturnType<typeof startStripeEmulator>>;

export interface VendorOptions {
  readonly databaseUrl: string;
  readonly identities: Identities;
  readonly secrets: WorldSecrets;
  /** Where the emulators keep their truth; in memory only when absent. */
  readonly stateFiles?: {
    readonly stripe: string;
    readonly platform: string;
    readonly mails: string;
  };
  /** A free one for each that is absent. */
  readonly ports?: {
    readonly stripe?: number;
    readonly tickets?: number;
    readonly orders?: number;
    readonly users?: number;
    readonly smtp?: number;
    readonly mailbox?: number;
    readonly prices?: number;
  };
}

/** Everything around the application but its database, and the configuration that names it. */
export interface Vendors {
  readonly stripe: StripeEmulator;
  readonly platform: Platform;
  readonly mailbox: Mailbox;
  readonly prices: PriceFeedEmulator;
  /** The application's environment, the database included. */
  readonly env: Readonly<Record<string, string>>;
  /** What else it takes for the platform's services, and receivers on this machine, to hear of events. */
  readonly webhookEnv: Readonly<Record<string, string>>;
  readonly description: WorldDescription;
  /** Where the application listens: signed webhooks go there from now on. */
  setAppUrl(baseUrl: string): void;
  close(): Promise<void>;
}

/** Everybody in this world comes from one address, and scripts are in a hurry. */
const WIDE_LIMITS = {
  RATE_LIMIT_ADDRESS_PER_MINUTE: '1000000',
  RATE_LIMIT_USER_PER_MINUTE: '1000000',
  RATE_LIMIT_ENDPOINT_PER_MINUTE: '1000000',
};

/** Starts the emulators of the vendors and of the platform's other services. */
export async function startVendors(options: VendorOptions): Promise<Vendors> {
  const { databaseUrl, identities, secrets, stateFiles, ports = {} } = options;
  const { cast } = identities;
  const webhookSecrets = {
    tickets: webhookSecret(secrets, 'ticket-service'),
    orders: webhookSecret(secrets, 'order-service'),
  };
  let target: string | undefined;
  const [stripe, platform, mailbox, prices] = await Promise.all([
    startStripeEmulator({
      secretKeys: [secrets.stripeSecretKey],
      ...(ports.stripe === undefined ? {} : { port: ports.stripe }),
      ...(stateFiles ? { stateFile: stateFiles.stripe } : {}),
    }),
    startPlatform({
      cast,
      ports,
      webhookSecrets,
      ...(stateFiles ? { stateFile: stateFiles.platform } : {}),
    }),
    startMailbox({ file: stateFiles?.mails, ports }),
    startPriceFeed(ports.prices),
  ]);
  return {
    stripe,
    platform,
    mailbox,
    prices,
    description: describeWorld({
      databaseUrl,
      cast,
      secrets,
      platform,
      stripeBaseUrl: stripe.baseUrl,
      mailboxUrl: mailbox.baseUrl,
      priceFeedUrl: prices.baseUrl,
    }),
    env: {
      PUBLIC_BASE_URL: 'http://127.0.0.1:3005',
      DATABASE_URL: databaseUrl,
      STRIPE_API_BASE: stripe.baseUrl,
      STRIPE_SECRET_KEY: secrets.stripeSecretKey,
      STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
      TICKET_SERVICE_URL: platform.tickets.baseUrl,
      ORDER_SERVICE_URL: platform.orders.baseUrl,
      USER_SERVICE_URL: platform.users.baseUrl,
      PRICE_FEED_URL: prices.url,
      SMTP_URL: mailbox.smtpUrl,
      MAIL_FROM: 'TicketToken <receipts@tickettoken.example>',
      JWT_PUBLIC_KEY: identities.publicKey,
      JWT_ISSUER,
      JWT_AUDIENCE,
      INTERNAL_SERVICE_SECRETS: namedList(secrets.internal),
      QUOTE_TOKEN_SECRET: secrets.quoteToken,
      QUEUE_TOKEN_SECRET: queueTokenSecret(secrets),
      VAULT_KEYS: namedList(secrets.vault),
      PURCHASE_LIMIT_SECRET: purchaseLimitSecret(secrets),
      PLATFORM_TENANT_ID: cast.platformTenantId,
      ...WIDE_LIMITS,
    },
    webhookEnv: {
      TICKET_SERVICE_WEBHOOK_SECRET: webhookSecrets.tickets,
      ORDER_SERVICE_WEBHOOK_SECRET: webhookSecrets.orders,
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1:*,localhost:*',
    },
    setAppUrl: (baseUrl) => {
      const wanted = new URL('/webhooks/stripe', baseUrl).toString();
      // Said again, it must not undo what someone set at the emulator itself.
      if (wanted === target) return;
      target = wanted;
      stripe.setWebhook(target, secrets.stripeWebhookSecret);
    },
    close: async () => {
      await Promise.all([stripe.close(), platform.close(), mailbox.close(), prices.close()]);
    },
  };
}
