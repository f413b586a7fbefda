import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AuditOptions } from './audit.js';
import type { StripeAccess } from './provider/stripe-lists.js';

/** What is audited, and how strictly. */
export interface Settings {
  readonly databaseUrl: string;
  readonly stripe: StripeAccess;
  readonly options: AuditOptions;
}

const MISSING = `Nothing to audit: set DATABASE_URL and STRIPE_SECRET_KEY (STRIPE_API_BASE where
Stripe is not asked itself), or start the sandbox (npm start, npm run sandbox).`;

/** An operation at a healthy provider has ended after this long. */
const MAX_AGE_SECONDS = '30';

/**
 * From the application's own variables; without DATABASE_URL from the file that a running sandbox
 * keeps of them. Throws with what to do where both are missing.
 */
export function settingsFrom(
  env: Readonly<Record<string, string | undefined>>,
  maxAge: string = MAX_AGE_SECONDS,
): Settings {
  const known = env.DATABASE_URL ? env : { ...sandboxEnvironment(env.SANDBOX_DIR), ...filled(env) };
  const { DATABASE_URL, STRIPE_SECRET_KEY, STRIPE_API_BASE, IDEMPOTENCY_TTL } = known;
  if (!DATABASE_URL || !STRIPE_SECRET_KEY) throw new Error(MISSING);
  return {
    databaseUrl: DATABASE_URL,
    stripe: {
      apiBase: STRIPE_API_BASE ?? 'https://api.stripe.com',
      secretKey: STRIPE_SECRET_KEY,
    },
    options: {
      maxAgeSeconds: wholeSeconds('--max-age', maxAge),
      keyLifetimeSeconds: wholeSeconds('IDEMPOTENCY_TTL', IDEMPOTENCY_TTL ?? '86400'),
    },
  };
}

function wholeSeconds(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number of seconds`);
  return Number(text);
}

/** An empty variable is one that is not set. */
function filled(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
  );
}

/** The file is there as long as the world runs. */
function sandboxEnvironment(folder: string | undefined): Record<string, string> {
  const file = path.join(folder ? path.resolve(folder) : defaultFolder(), 'env.json');
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

function defaultFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return path.join(folder, '.sandbox');
}
