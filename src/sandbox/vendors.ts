import { describeWorld, type WorldDescription } from './description.js';
import { type Identities, JWT_AUDIENCE, JWT_ISSUER } from './identities.js';
import { type Platform, startPlatform } from './platform/index.js';
import { namedList, type WorldSecrets } from './secrets.js';
import { startStripeEmulator } from './stripe/index.js';

export type StripeEmulator = Awaited<ReturnType<typeof startStripeEmulator>>;

export interface VendorOptions {
  readonly databaseUrl: string;
  readonly identities: Identities;
  readonly secrets: WorldSecrets;
  /** Where the emulators keep their truth; in memory only when absent. */
  readonly stateFiles?: { readonly stripe: string; readonly platform: string };
  /** A free one for each that is absent. */
  readonly ports?: {
    readonly stripe?: number;
    readonly tickets?: number;
    readonly orders?: number;
    readonly users?: number;
  };
}

/** Everything around the application but its database, and the configuration that names it. */
export interface Vendors {
  readonly stripe: StripeEmulator;
  readonly platform: Platform;
  /** The application's environment, the database included. */
  readonly env: Readonly<Record<string, string>>;
  readonly description: WorldDescription;
  /** Where the application listens: signed webhooks go there from now on. */
  setAppUrl(baseUrl: string): void;
  close(): Promise<void>;
}

/** Starts the emulators of the vendors and of the platform's other services. */
export async function startVendors(options: VendorOptions): Promise<Vendors> {
  const { databaseUrl, identities, secrets, stateFiles, ports = {} } = options;
  const { cast } = identities;
  let target: string | undefined;
  const [stripe, platform] = await Promise.all([
    startStripeEmulator({
      secretKeys: [secrets.stripeSecretKey],
      ...(ports.stripe === undefined ? {} : { port: ports.stripe }),
      ...(stateFiles ? { stateFile: stateFiles.stripe } : {}),
    }),
    startPlatform({ cast, ports, ...(stateFiles ? { stateFile: stateFiles.platform } : {}) }),
  ]);
  return {
    stripe,
    platform,
    description: describeWorld({
      databaseUrl,
      cast,
      secrets,
      platform,
      stripeBaseUrl: stripe.baseUrl,
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
      JWT_PUBLIC_KEY: identities.publicKey,
      JWT_ISSUER,
      JWT_AUDIENCE,
      INTERNAL_SERVICE_SECRETS: namedList(secrets.internal),
      QUOTE_TOKEN_SECRET: secrets.quoteToken,
      VAULT_KEYS: namedList(secrets.vault),
      PLATFORM_TENANT_ID: cast.platformTenantId,
    },
    setAppUrl: (baseUrl) => {
      const wanted = new URL('/webhooks/stripe', baseUrl).toString();
      // Said again, it must not undo what someone set at the emulator itself.
      if (wanted === target) return;
      target = wanted;
      stripe.setWebhook(target, secrets.stripeWebhookSecret);
    },
    close: async () => {
      await Promise.all([stripe.close(), platform.close()]);
    },
  };
}
