import pg from 'pg';
import type { Principal } from '../../src/kernel/auth/index.js';
import { isRefusal } from '../../src/kernel/errors.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { toCents, toPpm } from '../../src/kernel/money/index.js';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import {
  AddSpecialTaxRule,
  AddSpecialTaxRuleHandler,
} from '../../src/compliance/commands/add-special-tax-rule.js';
import {
  QuoteTax,
  recordTaxCollection,
  type SpecialTaxRule,
  taxRecord,
  TaxRules,
} from '../../src/compliance/compliance.contract.js';
import {
  ListSpecialTaxRules,
  ListSpecialTaxRulesHandler,
} from '../../src/compliance/queries/list-special-tax-rules.js';
import { QuoteTaxHandler } from '../../src/compliance/queries/quote-tax.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

const CONNECTIONS = 4;
const ADMIN_ID = newId();

const adminOf = (tenantId: Uuid): Principal => ({
  userId: ADMIN_ID,
  tenantId,
  roles: ['admin'],
  venues: [],
  tokenId: 'token',
});

const SALE = {
  place: { city: 'Nashville', state: 'TN', zip: '37203' },
  saleDate: '2025-01-12',
  taxableAmount: toCents(10_000),
  ticketCount: 2,
};

function ruleWith(over: Partial<SpecialTaxRule> = {}): SpecialTaxRule {
  return {
    id: newId(),
    scope: 'jurisdiction',
    scopeRef: 'US-TN-DAVIDSON',
    name: 'Entertainment Tax',
    ratePpm: toPpm(10_000),
    perTicketCents: null,
    base: 'tickets',
    effectiveFrom: '2025-01-01',
    effectiveTo: '2026-01-01',
    ...over,
  };
}

/** Keeps every transaction that adds a rule open for a while, so that transactions surely overlap. */
async function lingerAfterInserts(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`
    CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END $$;
    CREATE TRIGGER linger AFTER INSERT ON tax_special_rules
      FOR EACH ROW EXECUTE FUNCTION linger()`);
  return async () => {
    await client.query('DROP TRIGGER linger ON tax_special_rules; DROP FUNCTION linger()');
    await client.end();
  };
}

describe('compliance on PostgreSQL', () => {
  let fresh: FreshDatabase;
  let pools: pg.Pool[];
  let database: Database;
  let add: AddSpecialTaxRuleHandler;
  let quotes: QuoteTaxHandler;
  const rules = new TaxRules();

  beforeAll(async () => {
    fresh = await freshDatabase();
    pools = [APPLICATION_ROLE, WORKER_ROLE].map(
      (role) => new pg.Pool(connectionOptions(fresh.url, role, CONNECTIONS)),
    );
    const [application, worker] = pools as [pg.Pool, pg.Pool];
    database = new Database(application, worker);
    add = new AddSpecialTaxRuleHandler(database);
    quotes = new QuoteTaxHandler(database, rules);
  });

  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await fresh.drop();
  });

  const specialTax = async (tenantId: string, over: { saleDate?: string; venueId?: string } = {}) =>
    (await quotes.execute(new QuoteTax(tenantId, { ...SALE, ...over }))).specialTax;

  it('charges a special tax to its own tenant, place and days only', async () => {
    const [tenant, other] = [newId(), newId()];
    expect(await specialTax(tenant)).toBe(0n);
    await add.execute(new AddSpecialTaxRule(adminOf(tenant), ruleWith()));
    expect(await specialTax(tenant)).toBe(100n);
    expect(await specialTax(other)).toBe(0n);
    expect(await specialTax(tenant, { saleDate: '2024-12-31' })).toBe(0n);
    expect(await specialTax(tenant, { saleDate: '2025-12-31' })).toBe(100n);
    expect(await specialTax(tenant, { saleDate: '2026-01-01' })).toBe(0n);
  });

  it("charges a venue's amount per ticket at that venue only", async () => {
    const [tenant, venueId] = [newId(), newId()];
    const perTicket = { ratePpm: null, perTicketCents: toCents(150) };
    await add.execute(
      new AddSpecialTaxRule(
        adminOf(tenant),
        ruleWith({ scope: 'venue', scopeRef: venueId, ...perTicket }),
      ),
    );
    expect(await specialTax(tenant, { venueId })).toBe(300n);
    expect(await specialTax(tenant, { venueId: newId() })).toBe(0n);
    expect(await specialTax(tenant)).toBe(0n);
  });

  it('refuses a rule that overlaps its namesake, also when both come at once', async () => {
    const tenant = newId();
    const end = await lingerAfterInserts(fresh.url);
    const together = await Promise.all(
      Array.from({ length: CONNECTIONS }, () =>
        add.execute(new AddSpecialTaxRule(adminOf(tenant), ruleWith())),
      ),
    );
    await end();
    expect(together.filter(isRefusal).map(({ refused }) => refused)).toEqual([
      'CONFLICT',
      'CONFLICT',
      'CONFLICT',
    ]);
  });

  it('audits who added what, and nothing that was refused', async () => {
    const tenant = newId();
    const { id, ...rule } = ruleWith({ ratePpm: null, perTicketCents: toCents(150) });
    await add.execute(new AddSpecialTaxRule(adminOf(tenant), { id, ...rule }));
    await add.execute(new AddSpecialTaxRule(adminOf(tenant), ruleWith()));
    const [log] = await database.read(tenant, [sql`SELECT * FROM audit_log`]);
    expect(log?.rows).toEqual([
      expect.objectContaining({
        actor_type: 'user',
        actor_id: ADMIN_ID,
        action: 'special_tax_rule.added',
        object_type: 'special_tax_rule',
        object_id: id,
        before: null,
        after: { ...rule, perTicketCents: 150 },
      }),
    ]);
  });

  it('takes a rule that follows its namesake, whatever the case of its name', async () => {
    const tenant = newId();
    await add.execute(new AddSpecialTaxRule(adminOf(tenant), ruleWith()));
    const next = ruleWith({ effectiveFrom: '2026-01-01', effectiveTo: null });
    expect(await add.execute(new AddSpecialTaxRule(adminOf(tenant), next))).toEqual(next);
    const namesake = ruleWith({
      name: 'entertainment tax',
      effectiveFrom: '2027-01-01',
      effectiveTo: null,
    });
    expect(await add.execute(new AddSpecialTaxRule(adminOf(tenant), namesake))).toMatchObject({
      refused: 'CONFLICT',
    });
  });

  it('stores nothing of an invalid rule', async () => {
    const tenant = newId();
    const list = new ListSpecialTaxRulesHandler(database);
    const answer = await add.execute(
      new AddSpecialTaxRule(adminOf(tenant), ruleWith({ ratePpm: null })),
    );
    expect(answer).toMatchObject({ refused: 'VALIDATION_ERROR' });
    expect(await list.execute(new ListSpecialTaxRules(tenant, 10))).toEqual({ rules: [] });
  });

  it('lists every rule once, page by page', async () => {
    const tenant = newId();
    const list = new ListSpecialTaxRulesHandler(database);
    const added = ['A', 'B', 'C'].map((name) => ruleWith({ name }));
    for (const rule of added) await add.execute(new AddSpecialTaxRule(adminOf(tenant), rule));
    const first = await list.execute(new ListSpecialTaxRules(tenant, 2));
    expect(first).toEqual({ rules: added.slice(0, 2), nextCursor: added[1]?.id });
    const second = await list.execute(new ListSpecialTaxRules(tenant, 2, first.nextCursor));
    expect(second).toEqual({ rules: added.slice(2) });
  });

  it('records what was collected, to the cent, and never changes it', async () => {
    const tenantId = newId();
    const tax = taxRecord(rules.quote({ ...SALE, specialRules: [ruleWith()] }));
    const collection = {
      tenantId,
      id: newId(),
      transactionId: newId(),
      tax,
      currency: 'USD',
      createdAt: new Date(),
    };
    await database.transact(tenantId, [recordTaxCollection(collection)]);
    const [found] = await database.read(tenantId, [
      sql`SELECT * FROM tax_collections WHERE transaction_id = ${collection.transactionId}::uuid`,
    ]);
    expect(found?.rows).toMatchObject([
      {
        id: collection.id,
        state_tax: 700n,
        local_tax: 225n,
        special_tax: 100n,
        total_tax: 1025n,
        currency: 'USD',
        jurisdiction: 'US-TN-DAVIDSON',
        breakdown: {
          estimate: false,
          lines: [{ amountCents: 700 }, { amountCents: 225 }, { amountCents: 100 }],
        },
        created_at: collection.createdAt,
      },
    ]);
    await expect(
      database.transact(tenantId, [
        sql`UPDATE tax_collections SET total_tax = 0, state_tax = -325`,
      ]),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      database.transact(tenantId, [recordTaxCollection({ ...collection, transactionId: newId() })]),
    ).rejects.toMatchObject({ code: '23505' });
  });
});
