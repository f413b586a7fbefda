import type { KeyObject } from 'node:crypto';
import { type Cast, newCast } from '../../src/sandbox/cast.js';
import type { WorldDescription } from '../../src/sandbox/description.js';
import { Identities, newSigningKey } from '../../src/sandbox/identities.js';
import type { Platform } from '../../src/sandbox/platform/index.js';
import { newSecrets, type WorldSecrets } from '../../src/sandbox/secrets.js';
import { seedFraudRules } from '../../src/sandbox/seed-fraud-rules.js';
import { seedTenantSettings } from '../../src/sandbox/seed-tenant-settings.js';
import { startVendors, type StripeEmulator, type Vendors } from '../../src/sandbox/vendors.js';
import { type FreshDatabase, freshDatabase } from './database.js';

/** Everything around an application under test, in this process; any number run side by side. */
export interface TestWorld {
  /** The application's whole configuration. */
  readonly env: Readonly<Record<string, string>>;
  readonly description: WorldDescription;
  readonly cast: Cast;
  readonly secrets: WorldSecrets;
  readonly identities: Identities;
  readonly stripe: StripeEmulator;
  readonly tickets: Platform['tickets'];
  readonly orders: Platform['orders'];
  readonly users: Platform['users'];
  readonly mailbox: Vendors['mailbox'];
  readonly prices: Vendors['prices'];
  /** Shorthand for the identities' own. */
  readonly mintToken: Identities['mintToken'];
  /** Where the application listens: signed webhooks go there from now on. */
  setAppUrl(baseUrl: string): void;
  /** Ends the emulators and drops the database. Close the application first. */
  close(): Promise<void>;
}

let signingKey: Promise<KeyObject> | undefined;

/** A fresh world: its own migrated database, tenants, users, secrets and emulators. */
export async function startTestWorld(): Promise<TestWorld> {
  return worldOn(await freshDatabase());
}

/** As `startTestWorld`, on a migrated database that exists. */
export async function worldOn(database: FreshDatabase): Promise<TestWorld> {
  // One key a process: making one costs more than the rest of the world.
  signingKey ??= newSigningKey();
  const identities = new Identities(newCast(), await signingKey);
  const secrets = newSecrets();
  await seedTenantSettings(database.url, identities.cast);
  await seedFraudRules(database.url, identities.cast);
  const vendors = await startVendors({ databaseUrl: database.url, identities, secrets });
  const { tickets, orders, users } = vendors.platform;
  return {
    // Most tests are not about mail: whoever is sets SMTP_URL to the mailbox's.
    env: { ...vendors.env, SMTP_URL: '' },
    description: vendors.description,
    cast: identities.cast,
    secrets,
    identities,
    stripe: vendors.stripe,
    tickets,
    orders,
    users,
    mailbox: vendors.mailbox,
    prices: vendors.prices,
    mintToken: (claims) => identities.mintToken(claims),
    setAppUrl: (baseUrl) => {
      vendors.setAppUrl(baseUrl);
    },
    close: async () => {
      await vendors.close();
      await database.drop();
    },
  };
}
