import { readFileSync } from 'node:fs';
import { type Config, ConfigError, type ConfigProblem } from './config.js';
import { publicKeys } from './fields.js';
import { chainsOf, refuseHalfChains } from './load-chains.js';
import { type Variables, variables } from './variables.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment. A variable set to nothing counts as not set. Throws a `ConfigError` that
 * names every missing or bad variable together, and in production also what must not be there.
 */
export function loadConfig(env: Environment): Config {
  const given = Object.fromEntries(
    Object.keys(variables.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const parsed = variables.safeParse(given);
  const problems = parsed.success ? [] : problemsOf(parsed.error.issues, given);
  const url = databaseUrl(given, problems);
  const keys = jwtKeys(given, problems);
  refuseInProduction(given, problems);
  refuseHalves(given, problems);
  refuseHalfChains(given, problems);
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(toConfig(parsed.data, url, keys));
}

type Given = Readonly<Record<string, string | undefined>>;
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function problemsOf(issues: readonly Issue[], given: Given): ConfigProblem[] {
  const worst = new Map<string, string>();
  for (const { path, message } of issues) {
    const name = String(path[0]);
    const about = describe(name);
    if (given[name] === undefined) worst.set(name, `is missing: ${about}`);
    else if (!worst.has(name)) worst.set(name, `${message} (${about})`);
  }
  return [...worst].map(([variable, problem]) => ({ variable, problem }));
}

function describe(name: string): string {
  const schema = variables.shape[name as keyof typeof variables.shape];
  return String(schema.meta()?.description);
}

function databaseUrl(given: Given, problems: ConfigProblem[]): string {
  if (given.DATABASE_URL) return given.DATABASE_URL;
  const { DB_HOST: host, DB_USER: user, DB_NAME: name } = given;
  if (!host || !user || !name) {
    const missing = ['DB_HOST', 'DB_USER', 'DB_NAME'].filter((part) => !given[part]);
    const problem =
      missing.length === 3 ? 'is missing' : `is missing, and so is ${missing.join(', ')}`;
    problems.push({
      variable: 'DATABASE_URL',
      problem: `${problem}: set it, or DB_HOST, DB_USER, DB_PASSWORD and DB_NAME`,
    });
    return '';
  }
  const password = given.DB_PASSWORD ? `:${encodeURIComponent(given.DB_PASSWORD)}` : '';
  const authority = `${encodeURIComponent(user)}${password}@${host}:${given.DB_PORT ?? '5432'}`;
  return `postgres://${authority}/${encodeURIComponent(name)}`;
}

function jwtKeys(given: Given, problems: ConfigProblem[]): readonly string[] {
  if (given.JWT_PUBLIC_KEY) return publicKeys().safeParse(given.JWT_PUBLIC_KEY).data ?? [];
  if (!given.JWT_PUBLIC_KEY_FILE) {
    const problem = 'is missing: set it, or JWT_PUBLIC_KEY_FILE';
    problems.push({ variable: 'JWT_PUBLIC_KEY', problem });
    return [];
  }
  const keys = publicKeys().safeParse(readKeyFile(given.JWT_PUBLIC_KEY_FILE));
  if (!keys.success) {
    const problem = 'must name a readable file with a PEM block "BEGIN PUBLIC KEY"';
    problems.push({ variable: 'JWT_PUBLIC_KEY_FILE', problem });
  }
  return keys.data ?? [];
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function refuseInProduction(given: Given, problems: ConfigProblem[]): void {
  if (given.NODE_ENV !== 'production') return;
  const forbidden = Object.keys(given).filter((n) => n === 'FAILPOINT' || n.startsWith('SANDBOX_'));
  for (const variable of forbidden) {
    problems.push({ variable, problem: 'must not be set in production' });
  }
}

/** One is of no use without the other. */
const COMPANIONS = { SMTP_URL: 'MAIL_FROM', SLACK_BOT_TOKEN: 'SLACK_CHANNEL_ID' };

function refuseHalves(given: Given, problems: ConfigProblem[]): void {
  for (const [name, variable] of Object.entries(COMPANIONS)) {
    if (given[name] && !given[variable]) {
      problems.push({ variable, problem: `is missing: ${name} needs it` });
    }
  }
}

function webhooksOf(v: Variables): Config['webhooks'] {
  const to = (
    base: string,
    path: string,
    secrets: readonly string[] | undefined,
    events: string[],
  ) => secrets && { url: `${base}${path}`, secrets, events };
  return {
    allowedHosts: v.WEBHOOK_ALLOWED_HOSTS,
    ports: v.WEBHOOK_PORTS,
    ticketService: to(
      v.TICKET_SERVICE_URL,
      v.TICKET_SERVICE_WEBHOOK_PATH,
      v.TICKET_SERVICE_WEBHOOK_SECRET,
      v.TICKET_SERVICE_WEBHOOK_EVENTS,
    ),
    orderService: to(
      v.ORDER_SERVICE_URL,
      v.ORDER_SERVICE_WEBHOOK_PATH,
      v.ORDER_SERVICE_WEBHOOK_SECRET,
      v.ORDER_SERVICE_WEBHOOK_EVENTS,
    ),
  };
}

function mailOf({ SMTP_URL: smtpUrl, MAIL_FROM: from, SMTP_TIMEOUT_MS: timeoutMs }: Variables) {
  return smtpUrl && from ? { smtpUrl, from, timeoutMs } : undefined;
}

function slackOf({ SLACK_BOT_TOKEN: token, SLACK_CHANNEL_ID: channel, ...v }: Variables) {
  return token && channel ? { token, channel, apiBase: v.SLACK_API_BASE } : undefined;
}

function toConfig(v: Variables, url: string, keys: readonly string[]): Config {
  return {
    env: v.NODE_ENV,
    role: v.ROLE,
    http: {
      host: v.HOST,
      port: v.PORT,
      publicBaseUrl: v.PUBLIC_BASE_URL,
      corsOrigins: v.CORS_ORIGINS,
      trustedProxies: v.TRUSTED_PROXIES,
    },
    log: { level: v.LOG_LEVEL },
    shutdown: { timeoutMs: v.SHUTDOWN_TIMEOUT_MS },
    failpoint: v.FAILPOINT,
    database: { url, poolSize: v.DATABASE_POOL_SIZE },
    redis: v.REDIS_URL === undefined ? undefined : { url: v.REDIS_URL },
    queues: { concurrency: v.QUEUE_CONCURRENCY },
    broker: v.AMQP_URL === undefined ? undefined : { url: v.AMQP_URL, exchange: v.AMQP_EXCHANGE },
    jwt: { publicKeys: keys, issuer: v.JWT_ISSUER, audience: v.JWT_AUDIENCE },
    internal: { services: v.INTERNAL_SERVICE_SECRETS },
    quote: { secrets: v.QUOTE_TOKEN_SECRET },
    queueToken: { secrets: v.QUEUE_TOKEN_SECRET },
    vault: { keys: v.VAULT_KEYS },
    purchaseLimits: { secrets: v.PURCHASE_LIMIT_SECRET },
    retention: { sessionDataDays: v.SESSION_DATA_RETENTION_DAYS },
    stripe: {
      secretKey: v.STRIPE_SECRET_KEY,
      webhookSecrets: v.STRIPE_WEBHOOK_SECRET,
      apiBase: v.STRIPE_API_BASE,
      timeoutMs: v.STRIPE_TIMEOUT_MS,
      maxConcurrent: v.STRIPE_MAX_CONCURRENT,
    },
    platform: {
      tenantId: v.PLATFORM_TENANT_ID,
      ticketServiceUrl: v.TICKET_SERVICE_URL,
      orderServiceUrl: v.ORDER_SERVICE_URL,
      userServiceUrl: v.USER_SERVICE_URL,
      timeoutMs: v.PLATFORM_TIMEOUT_MS,
      catalogCacheMs: v.CATALOG_CACHE_MS,
    },
    webhooks: webhooksOf(v),
    mail: mailOf(v),
    chains: chainsOf(v),
    alerts: { slack: slackOf(v), everySeconds: v.ALERT_EVERY_SECONDS },
    idempotency: { ttlSeconds: v.IDEMPOTENCY_TTL },
    rateLimits: {
      addressPerMinute: v.RATE_LIMIT_ADDRESS_PER_MINUTE,
      userPerMinute: v.RATE_LIMIT_USER_PER_MINUTE,
      endpointPerMinute: v.RATE_LIMIT_ENDPOINT_PER_MINUTE,
    },
    metrics: { enabled: v.METRICS_ENABLED, host: v.METRICS_HOST, port: v.METRICS_PORT },
    tracing: { endpoint: v.OTEL_EXPORTER_OTLP_ENDPOINT, serviceName: v.OTEL_SERVICE_NAME },
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
