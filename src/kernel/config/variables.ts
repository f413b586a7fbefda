import { z } from 'zod';
import { chainVariables } from './chain-variables.js';
import {
  amqpUrl,
  choice,
  databaseUrl,
  flag,
  namedSecrets,
  origins,
  port,
  proxies,
  publicKeys,
  redisUrl,
  secrets,
  text,
  url,
  uuid,
  whole,
} from './fields.js';
import { messageVariables } from './message-variables.js';
import { inSection } from './section.js';

const processVars = inSection('Process');
const database = inSection('Database (the URL wins over host and port)');
const redis = inSection('Queues (without Redis each worker polls the same rows by itself)');
const rabbit = inSection('Events to other services (by webhooks alone without RabbitMQ)');
const tokens = inSection('Who may call');
const vault = inSection('Personal data');
const stripe = inSection('Stripe');
const platform = inSection('Other services of the platform');
const behaviour = inSection('Behaviour');
const limits = inSection('Rate limits (requests a minute; tenants may have figures of their own)');
const metrics = inSection('Metrics');
const tracing = inSection('Traces (OpenTelemetry; off without an endpoint)');
const sandbox = inSection('Sandbox only: fixed ports of the emulated world');

const is32Bytes = (base64: string) => Buffer.from(base64, 'base64').length === 32;

/** Every environment variable the application reads, in the order of `.env.example`. */
export const variables = z.object({
  NODE_ENV: processVars.defaulted(
    choice(['development', 'test', 'production']),
    'development',
    'development, test or production; production refuses sandbox and failpoints',
  ),
  HOST: processVars.defaulted(text('must be an address'), '0.0.0.0', 'address to listen on'),
  PORT: processVars.defaulted(port(), '3005', 'port to listen on; 0 takes a free one'),
  ROLE: processVars.defaulted(
    choice(['api', 'worker', 'all']),
    'all',
    'what this process does: api, worker or all',
  ),
  PUBLIC_BASE_URL: processVars.required(url(), 'address under which the outside reaches the API', {
    example: 'https://payments.example.com',
  }),
  CORS_ORIGINS: processVars.defaulted(
    origins(),
    '',
    'origins whose pages may call the API, comma separated; empty allows none',
  ),
  TRUSTED_PROXIES: processVars.defaulted(
    proxies(),
    '',
    'addresses or CIDR ranges whose X-Forwarded-For is believed, comma separated',
  ),
  LOG_LEVEL: processVars.defaulted(
    choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
    'least severe level that is logged',
  ),
  SHUTDOWN_TIMEOUT_MS: processVars.defaulted(
    whole(100, 600_000),
    '25000',
    'longest wait for accepted requests after SIGTERM, milliseconds',
  ),
  FAILPOINT: processVars.optional(
    text('must be name:kill|throw|sleep[:ms]'),
    'makes a named point of the code fail (name:kill|throw|sleep[:ms]); refused in production',
  ),

  DATABASE_URL: database.optional(databaseUrl(), 'PostgreSQL 15 or newer', {
    secret: true,
    example: 'postgres://user:password@localhost:5432/payments',
  }),
  DB_HOST: database.optional(text('must be a host name'), 'host, when DATABASE_URL is not set'),
  DB_PORT: database.optional(port(), 'port, 5432 when not set'),
  DB_USER: database.optional(text('must be a user name'), 'user'),
  DB_PASSWORD: database.optional(text('must be a password'), 'password', { secret: true }),
  DB_NAME: database.optional(text('must be a database name'), 'database'),
  DATABASE_POOL_SIZE: database.defaulted(whole(1, 500), '10', 'connections of each pool'),

  REDIS_URL: redis.optional(redisUrl(), 'Redis 6 or newer, which hands work to free workers', {
    secret: true,
    example: 'redis://user:password@localhost:6379/0',
  }),
  QUEUE_CONCURRENCY: redis.defaulted(
    whole(1, 1_000),
    '10',
    'entries of each queue that a worker process takes from Redis at once',
  ),

  AMQP_URL: rabbit.optional(amqpUrl(), 'RabbitMQ 3.10 or newer; the same for every worker', {
    secret: true,
    example: 'amqp://user:password@localhost:5672',
  }),
  AMQP_EXCHANGE: rabbit.defaulted(
    z.string().regex(/^[\w.-]{1,127}$/, 'must be letters, digits, dots, dashes and underscores'),
    'tickettoken.events',
    'durable topic exchange that events are published to',
  ),

  JWT_PUBLIC_KEY: tokens.optional(
    publicKeys(),
    'RS256 public key(s), PEM with line breaks or \\n; several during a rotation',
    { example: '"-----BEGIN PUBLIC KEY-----\\n...\\n-----END PUBLIC KEY-----"' },
  ),
  JWT_PUBLIC_KEY_FILE: tokens.optional(
    text('must be a path'),
    'file that holds them, when JWT_PUBLIC_KEY is not set',
  ),
  JWT_ISSUER: tokens.required(text('must be the issuer'), 'expected `iss` of user tokens', {
    example: 'https://auth.example.com',
  }),
  JWT_AUDIENCE: tokens.required(text('must be the audience'), 'expected `aud` of user tokens', {
    example: 'payment-service',
  }),
  INTERNAL_SERVICE_SECRETS: tokens.required(
    namedSecrets(
      'must be service:secret pairs, comma separated, secrets of at least 16 characters',
      (secret) => secret.length >= 16,
    ),
    'services that may call /internal, as service:secret pairs; the same service twice rotates',
    { secret: true, example: 'ticket-service:change-me,order-service:change-me' },
  ),
  QUOTE_TOKEN_SECRET: tokens.required(
    secrets(16),
    'signs price quotes; a comma-separated list rotates, the first signs',
    { secret: true, example: 'change-me' },
  ),
  QUEUE_TOKEN_SECRET: tokens.required(
    secrets(16),
    'signs access tokens of waiting rooms; a comma-separated list rotates, the first signs',
    { secret: true, example: 'change-me' },
  ),

  VAULT_KEYS: vault.required(
    namedSecrets('must be keyId:key pairs, each key 32 bytes in base64', is32Bytes),
    'AES-256 keys for secrets and personal data, as keyId:base64 pairs; the first encrypts, all decrypt; an older one may go two hours after it was replaced',
    { secret: true, example: 'k1:<openssl rand -base64 32>' },
  ),
  PURCHASE_LIMIT_SECRET: vault.required(
    secrets(16),
    'hashes the cards and addresses that purchase limits count by, and the devices and list entries of fraud checks; a comma-separated list rotates, the first hashes entries, all count; an older one may go when the events on sale at its replacement are over and the list entries made under it are entered anew',
    { secret: true, example: 'change-me' },
  ),
  SESSION_DATA_RETENTION_DAYS: vault.defaulted(
    whole(30, 3_650),
    '30',
    'days that device and session data of a purchase are kept; at least the thirty that fraud checks look back; decisions keep a keyed hash of the device for 540 days',
  ),

  STRIPE_SECRET_KEY: stripe.required(text('must be the secret key'), 'secret or restricted key', {
    secret: true,
    example: 'sk_test_change_me',
  }),
  STRIPE_WEBHOOK_SECRET: stripe.required(
    secrets(8),
    'signing secret of the webhook endpoint; a comma-separated list rotates',
    { secret: true, example: 'whsec_change_me' },
  ),
  STRIPE_API_BASE: stripe.defaulted(url(), 'https://api.stripe.com', 'base address of the API'),
  STRIPE_TIMEOUT_MS: stripe.defaulted(
    whole(100, 80_000),
    '8000',
    'longest wait for an answer, milliseconds; after it the outcome is unknown',
  ),
  STRIPE_MAX_CONCURRENT: stripe.defaulted(
    whole(1, 1_000),
    '64',
    'calls under way at once; more are refused with PROVIDER_UNAVAILABLE',
  ),

  PLATFORM_TENANT_ID: platform.required(uuid(), 'tenant that owns shared provider accounts', {
    example: '01890000-0000-7000-8000-000000000000',
  }),
  TICKET_SERVICE_URL: platform.required(url(), 'ticket catalogue', {
    example: 'http://ticket-service:3004',
  }),
  ORDER_SERVICE_URL: platform.required(url(), 'order catalogue', {
    example: 'http://order-service:3016',
  }),
  USER_SERVICE_URL: platform.required(url(), 'user directory', {
    example: 'http://user-service:3001',
  }),
  PLATFORM_TIMEOUT_MS: platform.defaulted(
    whole(50, 30_000),
    '2000',
    'longest wait for one of them, milliseconds',
  ),
  CATALOG_CACHE_MS: platform.defaulted(
    whole(0, 600_000),
    '5000',
    'how long a catalogue answer may be reused, milliseconds',
  ),

  ...messageVariables,
  ...chainVariables,

  IDEMPOTENCY_TTL: behaviour.defaulted(
    whole(60, 2_592_000),
    '86400',
    'how long an Idempotency-Key is remembered, seconds',
  ),

  RATE_LIMIT_ADDRESS_PER_MINUTE: limits.defaulted(
    whole(1, 1_000_000),
    '100',
    'from one address (IPv6: one /64), which behind a balancer takes TRUSTED_PROXIES to be told',
  ),
  RATE_LIMIT_USER_PER_MINUTE: limits.defaulted(whole(1, 1_000_000), '60', 'by one user'),
  RATE_LIMIT_ENDPOINT_PER_MINUTE: limits.optional(
    whole(1, 1_000_000),
    'by one user to an endpoint that has a limit, instead of its own of 10 or 20',
  ),

  METRICS_ENABLED: metrics.defaulted(flag(), 'true', 'whether /metrics answers'),
  METRICS_HOST: metrics.defaulted(
    text('must be an address'),
    '127.0.0.1',
    'address of the internal listener, which serves /metrics without a token',
  ),
  METRICS_PORT: metrics.defaulted(
    port(),
    '9464',
    'port of the internal listener; 0 takes a free one',
  ),

  OTEL_EXPORTER_OTLP_ENDPOINT: tracing.optional(
    url(),
    'collector that takes OTLP over HTTP; spans hold no personal data',
    { example: 'http://otel-collector:4318' },
  ),
  OTEL_EXPORTER_OTLP_HEADERS: tracing.optional(
    text('must be name=value pairs, comma separated'),
    'headers for the collector, such as a token, as name=value pairs',
    { secret: true },
  ),
  OTEL_SERVICE_NAME: tracing.defaulted(
    text('must be a name'),
    'tickettoken-payments',
    'name of this service in traces',
  ),
  OTEL_TRACES_SAMPLER: tracing.optional(
    choice([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ]),
    'which traces are kept, parentbased_always_on when not set',
  ),
  OTEL_TRACES_SAMPLER_ARG: tracing.optional(
    z.string().regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'must be a number from 0 to 1'),
    'share of traces that a ratio sampler keeps, 0 to 1',
  ),

  SANDBOX_POSTGRES_PORT: sandbox.optional(port(), 'embedded PostgreSQL'),
  SANDBOX_STRIPE_PORT: sandbox.optional(port(), 'Stripe emulator'),
  SANDBOX_TICKETS_PORT: sandbox.optional(port(), 'ticket service emulator'),
  SANDBOX_ORDERS_PORT: sandbox.optional(port(), 'order service emulator'),
  SANDBOX_USERS_PORT: sandbox.optional(port(), 'user service emulator'),
  SANDBOX_SMTP_PORT: sandbox.optional(port(), 'mail server'),
  SANDBOX_MAILBOX_PORT: sandbox.optional(port(), 'mailbox: what the mail server received'),
  SANDBOX_PRICES_PORT: sandbox.optional(port(), 'price feed emulator'),
  SANDBOX_POLYGON_PORT: sandbox.optional(port(), 'JSON-RPC of the local Polygon'),
  SANDBOX_SOLANA_PORT: sandbox.optional(port(), 'JSON-RPC of the local Solana'),
  SANDBOX_CONTROL_PORT: sandbox.optional(port(), "control API of the sandbox's own process"),
});

export type Variables = z.output<typeof variables>;
