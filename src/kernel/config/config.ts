/** A secret with the name of its owner: a service, or a key of the vault. */
export interface NamedSecret {
  readonly name: string;
  readonly secret: string;
}

export interface MailConfig {
  /** `smtp://` or `smtps://`, credentials included. */
  readonly smtpUrl: string;
  /** Whom mails are from: `Name <address>` or an address. */
  readonly from: string;
  readonly timeoutMs: number;
}

export interface SlackConfig {
  readonly token: string;
  readonly channel: string;
  readonly apiBase: string;
}

/** A host that webhooks may reach although its address is private. */
export interface AllowedHost {
  /** As a URL names it: lower case, an IPv6 address in brackets. */
  readonly host: string;
  /** Undefined: one of `webhooks.ports`. */
  readonly port: number | '*' | undefined;
}

/** A webhook to one of the platform's own services. */
export interface PlatformWebhook {
  readonly url: string;
  /** `whsec_…`; each signs. */
  readonly secrets: readonly string[];
  readonly events: readonly string[];
}

/** What signs on a chain: a key file, or a key of AWS KMS that never leaves it. */
export type SignerConfig =
  { readonly keyFile: string; readonly passphrase: string } | { readonly kmsKeyId: string };

export interface PolygonConfig {
  readonly rpcUrl: string;
  /** 137, 80002 or 31337; the node must be on this one. */
  readonly chainId: number;
  /** The TicketNFT contract, `0x` and 40 hexadecimal digits. */
  readonly contract: string;
  /** Undefined: this process mints nothing. */
  readonly signer: SignerConfig | undefined;
  /** Whole POL. */
  readonly balanceAlertPol: number;
}

export interface SolanaConfig {
  readonly rpcUrl: string;
  /** The node must be of this one. */
  readonly cluster: 'mainnet-beta' | 'devnet' | 'testnet' | 'localnet';
  /** Undefined: this process mints nothing. */
  readonly signer: SignerConfig | undefined;
  /** Whole SOL. */
  readonly balanceAlertSol: number;
}

export interface ChainsConfig {
  /** Longest wait for a node, the price feed or the KMS. */
  readonly timeoutMs: number;
  /** Without a trailing slash; every token carries it for ever. */
  readonly metadataBaseUrl: string;
  readonly priceFeed: { readonly url: string; readonly apiKey: string | undefined };
  /** Undefined: no ticket is minted there. */
  readonly polygon: PolygonConfig | undefined;
  readonly solana: SolanaConfig | undefined;
}

/** The application's whole configuration, typed, checked and frozen. */
export interface Config {
  readonly env: 'development' | 'test' | 'production';
  /** What this process does. */
  readonly role: 'api' | 'worker' | 'all';
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Without a trailing slash. */
    readonly publicBaseUrl: string;
    readonly corsOrigins: readonly string[];
    readonly trustedProxies: readonly string[];
  };
  readonly log: { readonly level: string };
  readonly shutdown: { readonly timeoutMs: number };
  readonly failpoint: string | undefined;
  readonly database: { readonly url: string; readonly poolSize: number };
  /** Undefined: no Redis, workers poll. */
  readonly redis: { readonly url: string } | undefined;
  readonly queues: { readonly concurrency: number };
  /** Undefined: events leave by webhooks alone. */
  readonly broker: { readonly url: string; readonly exchange: string } | undefined;
  readonly jwt: {
    /** PEM, SPKI; any of them may have signed. */
    readonly publicKeys: readonly string[];
    readonly issuer: string;
    readonly audience: string;
  };
  readonly internal: { readonly services: readonly NamedSecret[] };
  /** The first secret signs, all verify. */
  readonly quote: { readonly secrets: readonly string[] };
  /** Of the waiting room's access tokens; the first secret signs, all verify. */
  readonly queueToken: { readonly secrets: readonly string[] };
  /** Base64 of 32 bytes each; the first encrypts, all decrypt. */
  readonly vault: { readonly keys: readonly NamedSecret[] };
  /** Each hashes the cards, addresses and devices that purchases are counted and listed by. */
  readonly purchaseLimits: { readonly secrets: readonly string[] };
  readonly retention: { readonly sessionDataDays: number };
  readonly stripe: {
    readonly secretKey: string;
    readonly webhookSecrets: readonly string[];
    readonly apiBase: string;
    readonly timeoutMs: number;
    readonly maxConcurrent: number;
  };
  readonly platform: {
    readonly tenantId: string;
    readonly ticketServiceUrl: string;
    readonly orderServiceUrl: string;
    readonly userServiceUrl: string;
    readonly timeoutMs: number;
    readonly catalogCacheMs: number;
  };
  readonly chains: ChainsConfig;
  /** Undefined: no mail is sent. */
  readonly mail: MailConfig | undefined;
  readonly alerts: {
    /** Undefined: alerts go to the log. */
    readonly slack: SlackConfig | undefined;
    /** Between two messages about the same. */
    readonly everySeconds: number;
  };
  readonly webhooks: {
    readonly allowedHosts: readonly AllowedHost[];
    readonly ports: readonly number[];
    /** Undefined: the service hears nothing. */
    readonly ticketService: PlatformWebhook | undefined;
    readonly orderService: PlatformWebhook | undefined;
  };
  readonly idempotency: { readonly ttlSeconds: number };
  /** Requests a minute. */
  readonly rateLimits: {
    readonly addressPerMinute: number;
    readonly userPerMinute: number;
    /** Undefined: each endpoint that has a limit says itself. */
    readonly endpointPerMinute: number | undefined;
  };
  readonly metrics: { readonly enabled: boolean; readonly host: string; readonly port: number };
  /** Read before anything else is loaded, in `start.ts`; here it is only checked. */
  readonly tracing: { readonly endpoint: string | undefined; readonly serviceName: string };
}

/** Injection token of the `Config`. */
export const CONFIG = Symbol('CONFIG');

export interface ConfigProblem {
  readonly variable: string;
  readonly problem: string;
}

/** Every missing or bad variable at once, with what to do; never a value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(
      `The configuration has ${problems.length} problem(s); .env.example describes every variable.\n` +
        problems.map(({ variable, problem }) => `  ${variable}: ${problem}`).join('\n'),
    );
    this.name = 'ConfigError';
  }
}
