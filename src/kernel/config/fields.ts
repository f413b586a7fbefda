import { z } from 'zod';

/** What `.env.example` and an error message say about one environment variable. */
export interface VariableMeta {
  readonly section: string;
  readonly description: string;
  readonly example?: string;
  /** Its value never appears in a message, a log line or the example file. */
  readonly secret?: true;
  /** Documented here, but empty unless wanted. */
  readonly optional?: true;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Any text; PostgreSQL, keys and names. */
export const text = (problem: string) => z.string({ error: problem });

/** A whole number written in decimal digits and nothing else. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be a whole number from ${min} to ${max}`);

export const port = () => whole(0, 65_535);

export const flag = () =>
  z.enum(['true', 'false'], { error: 'must be true or false' }).transform((v) => v === 'true');

export const choice = <const T extends readonly [string, ...string[]]>(options: T) =>
  z.enum(options, { error: `must be one of ${options.join(', ')}` });

export const uuid = () => z.guid({ error: 'must be a UUID' }).transform((v) => v.toLowerCase());

/** An http(s) address without credentials; a trailing slash is dropped. */
export const url = () =>
  z
    .string()
    .refine(isHttpUrl, 'must be an http:// or https:// address without user or password')
    .transform((v) => v.replace(/\/+$/, ''));

function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

export const databaseUrl = () =>
  z
    .string()
    .refine(
      (v) => URL.canParse(v) && /^postgres(ql)?:$/.test(new URL(v).protocol),
      'must be a postgres:// address',
    );

export const smtpUrl = () =>
  z
    .string()
    .refine(
      (v) => URL.canParse(v) && /^smtps?:$/.test(new URL(v).protocol),
      'must be an smtp:// or smtps:// address',
    );

const MAILBOX = String.raw`[\w.+-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)*`;
const SENDER = new RegExp(`^(?:[^<>@,"\\p{Cc}]{1,100} <${MAILBOX}>|${MAILBOX})$`, 'iu');

/** `Name <address>` or an address alone. */
export const sender = () => z.string().regex(SENDER, 'must be an address or Name <address>');

export const amqpUrl = () =>
  z
    .string()
    .refine(
      (v) => URL.canParse(v) && /^amqps?:$/.test(new URL(v).protocol),
      'must be an amqp:// or amqps:// address',
    );

/** The password of such an address is a secret: never print what did not match. */
export const redisUrl = () =>
  z
    .string()
    .refine(
      (v) => URL.canParse(v) && /^rediss?:$/.test(new URL(v).protocol),
      'must be a redis:// or rediss:// address',
    );

/** `host`, `host:port` or `host:*`, comma separated; IPv6 addresses in brackets. */
export const allowedHosts = () =>
  z
    .string()
    .transform((value) => list(value).map((entry) => ALLOWED_HOST.exec(entry.toLowerCase())))
    .refine(
      (all) => all.every((entry) => entry !== null),
      'must be a comma-separated list of host, host:port or host:*',
    )
    .transform((all) =>
      all.map((entry) => ({ host: entry?.[1] ?? '', port: allowedPort(entry?.[2]) })),
    );

const ALLOWED_HOST = /^([a-z\d.-]+|\[[\da-f:.]+\])(?::(\d{1,5}|\*))?$/;

function allowedPort(text: string | undefined): number | '*' | undefined {
  return text === undefined || text === '*' ? text : Number(text);
}

export const ports = () =>
  z
    .string()
    .transform((value) => list(value).map(Number))
    .refine(
      (all) => all.length > 0 && all.every((n) => Number.isInteger(n) && n > 0 && n < 65_536),
      'must be a comma-separated list of ports',
    );

const SIGNING_SECRET = /^whsec_[A-Za-z\d+/]{32,}={0,2}$/;

/** Secrets as Standard Webhooks has them; each of them signs. */
export const signingSecrets = () =>
  z
    .string()
    .transform(list)
    .refine(
      (all) => all.length > 0 && all.every((secret) => SIGNING_SECRET.test(secret)),
      'must be a comma-separated list of whsec_<base64 of at least 24 bytes>',
    );

/** A chain that TicketNFT may stand on, by its id (EIP-155). */
export const chainId = () =>
  z
    .string()
    .refine((id) => id !== '80001', 'is Mumbai, which is gone: its successor Amoy is 80002')
    .refine((id) => CHAIN_IDS.includes(id), `must be one of ${CHAIN_IDS.join(', ')}`)
    .transform(Number);

const CHAIN_IDS = ['137', '80002', '31337'];

export const evmAddress = () =>
  z.string().regex(/^0x[\da-fA-F]{40}$/, 'must be an address: 0x and 40 hexadecimal digits');

/** A path of a URL. */
export const path = () => z.string().regex(/^\/[\w/.~-]*$/, 'must be a path such as /webhooks');

export const names = () => z.string().transform(list);

export const origins = () =>
  z
    .string()
    .transform(list)
    .refine(
      (all) => all.every((o) => isHttpUrl(o) && new URL(o).origin === o),
      'must be a comma-separated list of origins such as https://tickets.example.com',
    );

const ADDRESS = /^[\da-f.:]+(\/\d{1,3})?$/i;
const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** Addresses, CIDR ranges or the names `loopback`, `linklocal`, `uniquelocal`; never a hop count. */
export const proxies = () =>
  z
    .string()
    .transform(list)
    .refine(
      (all) => all.every((p) => NAMED_RANGES.includes(p) || (ADDRESS.test(p) && /[.:]/.test(p))),
      'must be a comma-separated list of addresses or CIDR ranges',
    );

/** A comma-separated list of secrets, the first of which signs and all of which verify. */
export const secrets = (minimumLength: number) =>
  z
    .string()
    .transform(list)
    .refine(
      (all) => all.length > 0 && all.every((s) => s.length >= minimumLength),
      `must be a comma-separated list of secrets of at least ${minimumLength} characters each`,
    );

/** Pairs of a name and a secret, `name:secret,name:secret`; a name may come twice while it rotates. */
export const namedSecrets = (problem: string, valid: (secret: string) => boolean) =>
  z
    .string()
    .transform((value) =>
      list(value).map((pair) => {
        const colon = pair.indexOf(':');
        return { name: pair.slice(0, Math.max(colon, 0)).trim(), secret: pair.slice(colon + 1) };
      }),
    )
    .refine(
      (all) => all.length > 0 && all.every((p) => /^[\w.-]{1,64}$/.test(p.name) && valid(p.secret)),
      problem,
    );

const PEM = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g;

/** One or more PEM public keys (SPKI); line breaks may be written as `\n`. */
export const publicKeys = () =>
  z
    .string()
    .transform((v) => v.replaceAll('\\n', '\n').match(PEM) ?? [])
    .refine((keys) => keys.length > 0, 'must hold at least one PEM block "BEGIN PUBLIC KEY"');
