import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { envExample } from './env-example.js';
import { ConfigError, loadConfig } from './index.js';

const pem = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).publicKey;
const KEY = pem();

const environment = {
  PUBLIC_BASE_URL: 'https://payments.example.com/',
  DATABASE_URL: 'postgres://user:secret-password@db:5432/payments',
  JWT_PUBLIC_KEY: KEY,
  JWT_ISSUER: 'issuer',
  JWT_AUDIENCE: 'audience',
  INTERNAL_SERVICE_SECRETS: 'tickets:0123456789abcdef,tickets:fedcba9876543210',
  QUOTE_TOKEN_SECRET: '0123456789abcdef, fedcba9876543210',
  QUEUE_TOKEN_SECRET: '0123456789abcdef',
  VAULT_KEYS: `k2:${Buffer.alloc(32, 2).toString('base64')},k1:${Buffer.alloc(32, 1).toString('base64')}`,
  PURCHASE_LIMIT_SECRET: '0123456789abcdef, fedcba9876543210',
  STRIPE_SECRET_KEY: 'sk_test_123',
  STRIPE_WEBHOOK_SECRET: 'whsec_123',
  PLATFORM_TENANT_ID: '01890000-0000-7000-8000-00000000000A',
  TICKET_SERVICE_URL: 'http://tickets',
  ORDER_SERVICE_URL: 'http://orders',
  USER_SERVICE_URL: 'http://users',
};

const POLYGON = {
  POLYGON_RPC_URL: 'https://polygon.example.com/v2/secret-password',
  POLYGON_CHAIN_ID: '80002',
  POLYGON_CONTRACT_ADDRESS: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  POLYGON_KEY_FILE: 'polygon.json',
  CHAIN_KEY_PASSPHRASE: 'secret-password',
};
const SOLANA = {
  SOLANA_RPC_URL: 'https://api.devnet.solana.com',
  SOLANA_CLUSTER: 'devnet',
  SOLANA_KMS_KEY_ID: 'alias/tickets',
};

function problemsOf(changes: Record<string, string | undefined>) {
  try {
    loadConfig({ ...environment, ...changes });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('fills in the defaults', () => {
    expect(loadConfig(environment)).toMatchObject({
      env: 'development',
      role: 'all',
      http: {
        port: 3005,
        publicBaseUrl: 'https://payments.example.com',
        corsOrigins: [],
        trustedProxies: [],
      },
      database: { url: environment.DATABASE_URL, poolSize: 10 },
      quote: { secrets: ['0123456789abcdef', 'fedcba9876543210'] },
      queueToken: { secrets: ['0123456789abcdef'] },
      purchaseLimits: { secrets: ['0123456789abcdef', 'fedcba9876543210'] },
      stripe: { apiBase: 'https://api.stripe.com', timeoutMs: 8000, webhookSecrets: ['whsec_123'] },
      platform: {
        tenantId: '01890000-0000-7000-8000-00000000000a',
        timeoutMs: 2000,
        catalogCacheMs: 5000,
      },
      idempotency: { ttlSeconds: 86_400 },
      retention: { sessionDataDays: 30 },
      rateLimits: { addressPerMinute: 100, userPerMinute: 60, endpointPerMinute: undefined },
      shutdown: { timeoutMs: 25_000 },
      metrics: { enabled: true, host: '127.0.0.1', port: 9464 },
    });
  });

  it('has mail and Slack when both halves of each are set, and neither otherwise', () => {
    expect(loadConfig(environment)).toMatchObject({
      mail: undefined,
      alerts: { slack: undefined, everySeconds: 900 },
    });
    const from = 'Box Office <box@example.com>';
    const mail = { SMTP_URL: 'smtp://user:pass@mail:587', MAIL_FROM: from };
    expect(loadConfig({ ...environment, ...mail }).mail).toEqual({
      smtpUrl: mail.SMTP_URL,
      from,
      timeoutMs: 5_000,
    });
    const { problems } = problemsOf({ SMTP_URL: mail.SMTP_URL, SLACK_BOT_TOKEN: 'xoxb-1' });
    expect(problems.map(({ variable }) => variable)).toEqual(['MAIL_FROM', 'SLACK_CHANNEL_ID']);
  });

  it('has a chain when all of it is set, and none otherwise', () => {
    expect(loadConfig(environment).chains).toEqual({
      timeoutMs: 5_000,
      metadataBaseUrl: 'https://payments.example.com',
      priceFeed: { url: 'https://api.coingecko.com/api/v3', apiKey: undefined },
      polygon: undefined,
      solana: undefined,
    });
    const { chains } = loadConfig({ ...environment, ...POLYGON, ...SOLANA });
    expect(chains).toMatchObject({
      polygon: {
        rpcUrl: POLYGON.POLYGON_RPC_URL,
        chainId: 80_002,
        signer: { keyFile: 'polygon.json', passphrase: POLYGON.CHAIN_KEY_PASSPHRASE },
        balanceAlertPol: 10,
      },
      solana: { cluster: 'devnet', signer: { kmsKeyId: 'alias/tickets' }, balanceAlertSol: 1 },
    });
    const api = { ROLE: 'api', POLYGON_KEY_FILE: '', CHAIN_KEY_PASSPHRASE: '' };
    expect(loadConfig({ ...environment, ...POLYGON, ...api }).chains.polygon).toMatchObject({
      signer: undefined,
    });
  });

  it('names what half a chain lacks', () => {
    const half = (changes: Record<string, string>) =>
      problemsOf(changes).problems.map(({ variable }) => variable);
    const { POLYGON_RPC_URL, SOLANA_RPC_URL } = { ...POLYGON, ...SOLANA };
    expect(half({ POLYGON_RPC_URL, SOLANA_RPC_URL })).toEqual([
      'POLYGON_CHAIN_ID',
      'POLYGON_CONTRACT_ADDRESS',
      'POLYGON_KEY_FILE',
      'SOLANA_CLUSTER',
      'SOLANA_KEY_FILE',
    ]);
    expect(half({ ...POLYGON, POLYGON_KMS_KEY_ID: 'alias/tickets' })).toEqual([
      'POLYGON_KMS_KEY_ID',
    ]);
    const files = { SOLANA_KMS_KEY_ID: '', SOLANA_KEY_FILE: 'solana.json' };
    expect(half({ ...POLYGON, ...SOLANA, ...files, CHAIN_KEY_PASSPHRASE: '' })).toEqual([
      'CHAIN_KEY_PASSPHRASE',
    ]);
  });

  it('refuses Mumbai by name, and any chain that it does not know', () => {
    const { problems } = problemsOf({ ...POLYGON, POLYGON_CHAIN_ID: '80001' });
    expect(problems).toMatchObject([
      { variable: 'POLYGON_CHAIN_ID', problem: expect.stringContaining('80002') },
    ]);
    expect(problemsOf({ ...POLYGON, POLYGON_CHAIN_ID: '1' }).problems).toHaveLength(1);
  });

  it.each([
    { SMTP_URL: 'http://mail', MAIL_FROM: 'a@example.com' },
    { SMTP_URL: 'smtp://mail', MAIL_FROM: 'a@example.com\r\nBcc: b@example.com' },
    { SMTP_URL: 'smtp://mail', MAIL_FROM: 'a@example.com, b@example.com' },
    { SMTP_URL: 'smtp://mail', MAIL_FROM: 'nobody' },
  ])('refuses %j', (changes) => {
    expect(problemsOf(changes).problems).toHaveLength(1);
  });

  it('is frozen all the way down', () => {
    const config = loadConfig(environment);
    expect(Object.isFrozen(config.vault.keys[0])).toBe(true);
    expect(Object.isFrozen(config.http.corsOrigins)).toBe(true);
  });

  it('keeps both secrets of a service and the order of keys', () => {
    const { internal, vault } = loadConfig(environment);
    expect(internal.services.map(({ name, secret }) => `${name} ${secret}`)).toEqual([
      'tickets 0123456789abcdef',
      'tickets fedcba9876543210',
    ]);
    expect(vault.keys.map(({ name }) => name)).toEqual(['k2', 'k1']);
  });

  it('names everything that is missing at once', () => {
    const { problems, message } = problemsOf(
      Object.fromEntries(Object.keys(environment).map((name) => [name, undefined])),
    );
    expect(problems.map(({ variable }) => variable).sort()).toEqual(
      Object.keys(environment).sort(),
    );
    for (const name of Object.keys(environment)) expect(message).toContain(`${name}: is missing`);
  });

  it.each([
    ['PORT', '0x10'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['ROLE', 'everything'],
    ['NODE_ENV', 'staging'],
    ['LOG_LEVEL', 'loud'],
    ['DATABASE_URL', 'mysql://db/payments'],
    ['DATABASE_POOL_SIZE', '0'],
    ['JWT_PUBLIC_KEY', 'not a key'],
    ['INTERNAL_SERVICE_SECRETS', 'no-colon-here-at-all'],
    ['INTERNAL_SERVICE_SECRETS', 'tickets:short'],
    ['INTERNAL_SERVICE_SECRETS', 'bad name:0123456789abcdef'],
    ['QUOTE_TOKEN_SECRET', 'short-secret'],
    ['QUOTE_TOKEN_SECRET', '0123456789abcdef,short-secret'],
    ['VAULT_KEYS', 'k1:c2hvcnQtc2VjcmV0'],
    ['PURCHASE_LIMIT_SECRET', '0123456789abcdef,short-secret'],
    ['SESSION_DATA_RETENTION_DAYS', '29'],
    ['STRIPE_API_BASE', 'ftp://stripe'],
    ['STRIPE_API_BASE', 'http://user:secret-password@stripe'],
    ['AMQP_URL', 'http://user:secret-password@rabbitmq'],
    ['AMQP_EXCHANGE', 'secret-password of events'],
    ['TICKET_SERVICE_URL', 'tickets:3004'],
    ['PLATFORM_TENANT_ID', 'acme'],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['CORS_ORIGINS', '*'],
    ['TRUSTED_PROXIES', '1'],
    ['TRUSTED_PROXIES', 'true'],
    ['RATE_LIMIT_ADDRESS_PER_MINUTE', '0'],
    ['METRICS_ENABLED', 'yes'],
    ['IDEMPOTENCY_TTL', '1e5'],
    ['CHAIN_KEY_PASSPHRASE', 'too-short'],
    ['POLYGON_CONTRACT_ADDRESS', '0x5FbDB2315678afecb367f032d93F642f64180aa'],
    ['SOLANA_CLUSTER', 'a-cluster'],
  ])('refuses %s=%s without printing it', (variable, value) => {
    const { problems, message } = problemsOf({ [variable]: value });
    expect(problems.map((problem) => problem.variable)).toEqual([variable]);
    expect(message).not.toContain('secret-password');
    if (value.length > 5) expect(message).not.toContain(value);
  });

  it('composes the database address, when there is no URL', () => {
    const parts = { DATABASE_URL: '', DB_HOST: 'db', DB_USER: 'me', DB_NAME: 'pay/ments' };
    expect(loadConfig({ ...environment, ...parts, DB_PASSWORD: 'p@ss:/?' }).database.url).toBe(
      'postgres://me:p%40ss%3A%2F%3F@db:5432/pay%2Fments',
    );
    const { problems } = problemsOf({ ...parts, DB_USER: '' });
    expect(problems[0]?.problem).toContain('DB_USER');
  });

  it('reads several keys, with escaped line breaks or from a file', () => {
    const second = pem();
    const escaped = (KEY + second).replaceAll('\n', '\\n');
    expect(loadConfig({ ...environment, JWT_PUBLIC_KEY: escaped }).jwt.publicKeys).toEqual([
      KEY.trim(),
      second.trim(),
    ]);
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'keys-')), 'jwt.pem');
    writeFileSync(file, KEY);
    const fromFile = { ...environment, JWT_PUBLIC_KEY: '', JWT_PUBLIC_KEY_FILE: file };
    expect(loadConfig(fromFile).jwt.publicKeys).toEqual([KEY.trim()]);
    const { problems } = problemsOf({ JWT_PUBLIC_KEY: '', JWT_PUBLIC_KEY_FILE: `${file}.gone` });
    expect(problems.map(({ variable }) => variable)).toEqual(['JWT_PUBLIC_KEY_FILE']);
  });

  it('refuses failpoints and sandbox settings in production only', () => {
    const changes = { FAILPOINT: 'purchase.after_charge:kill', SANDBOX_STRIPE_PORT: '12111' };
    expect(loadConfig({ ...environment, ...changes }).failpoint).toBe(changes.FAILPOINT);
    const { problems } = problemsOf({ ...changes, NODE_ENV: 'production' });
    expect(problems.map(({ variable }) => variable)).toEqual(Object.keys(changes));
  });
});

describe('.env.example', () => {
  const file = path.join(process.cwd(), '.env.example');

  it('is what the schema generates (npm run env:example)', () => {
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(envExample());
  });

  it('has no usable secret: filled in as it is, the application refuses to start', () => {
    const values = Object.fromEntries(
      [...envExample().matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
    const { problems } = problemsOf({ ...environment, ...values });
    expect(problems.map(({ variable }) => variable)).toEqual(
      expect.arrayContaining(['INTERNAL_SERVICE_SECRETS', 'QUOTE_TOKEN_SECRET', 'VAULT_KEYS']),
    );
  });
});
