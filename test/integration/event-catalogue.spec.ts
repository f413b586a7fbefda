import { Ajv, type ValidateFunction } from 'ajv';
import { CARDS } from '../../src/sandbox/cards.js';
import {
  type CatalogueEntry,
  describeEvents,
  type EventType,
  EventCatalogue,
} from '../../src/kernel/outbox/index.js';
import { catalogueEntry } from '../../src/kernel/outbox/catalogue/event-type.js';
import { z } from 'zod';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';

jest.setTimeout(120_000);

let running: RunningApp;

beforeAll(async () => {
  running = await startApp();
});
afterAll(() => running.close());

interface Row {
  readonly event_type: string;
  readonly event_version: number;
  readonly payload: unknown;
  readonly sequence: string | null;
}

/** What is wrong with published events by the catalogue as others read it. */
class Judge {
  private readonly validators = new Map<string, { version: number; check: ValidateFunction }>();

  constructor(catalogue: readonly CatalogueEntry[]) {
    const ajv = new Ajv({ strict: false, formats: { uuid: /^[0-9a-f-]{36}$/i } });
    for (const { type, version, schema } of catalogue) {
      this.validators.set(type, { version, check: ajv.compile(schema) });
    }
  }

  flaws({ event_type: type, event_version: version, payload, sequence }: Row): string[] {
    const declared = this.validators.get(type);
    if (!declared) return [`${type} is not in the catalogue`];
    const valid = declared.check(payload);
    return [
      ...(valid ? [] : [`${type}: ${JSON.stringify(declared.check.errors)}`]),
      ...(declared.version === version ? [] : [`${type} has version ${version}`]),
      ...(sequence === null ? [`${type} has no sequence`] : []),
    ];
  }
}

async function catalogue(): Promise<CatalogueEntry[]> {
  const { body, status } = await new Client(running.url).get('/events/catalogue');
  expect(status).toBe(200);
  return body as unknown as CatalogueEntry[];
}

const outbox = () =>
  query(
    running.world,
    'SELECT event_type, event_version, payload, sequence FROM outbox',
  ) as unknown as Promise<Row[]>;

/** Purchases, captures, orders, refunds, disputes and reconciliation: one of each kind of event. */
async function live(): Promise<void> {
  const { world, url } = running;
  const shop = new Shop(world);
  const admin = await shop.as(url, 'admin');
  const buyer = await shop.buyer(url);
  const buy = async (rest: object = {}, card: string = CARDS.ok) => {
    const bought = await buyer.pay(PROCESS, { ...orderOf(shop.event(), { card }), ...rest });
    return String(bought.body.transaction.id);
  };
  const refunded = await buy();
  await admin.pay(`/api/v1/payments/transaction/${refunded}/refund`, { amount: 1_000 });
  const held = await buy({ captureMethod: 'manual' });
  await admin.pay(`/api/v1/payments/transaction/${held}/capture`, { amount: 4_000 });
  const disputed = await buy();
  const charge = () =>
    world.stripe.truth().charges.find(({ metadata }) => metadata.payment_id === disputed);
  world.stripe.bank.openDispute(charge()?.id ?? '');
  const begun = await admin.post('/admin/reconciliation/runs', {});
  await eventually(async () => {
    const found = await admin.get(`/admin/reconciliation/runs/${String(begun.body.id)}`);
    return found.text.includes('"status":"completed"');
  }, 'the run');
  await eventually(
    async () => (await outbox()).some(({ event_type: type }) => type === 'dispute.opened'),
    'the dispute',
  );
}

describe('the catalogue', () => {
  it('has whatever is published, as it is published, each with its place', async () => {
    await live();
    const judge = new Judge(await catalogue());
    const rows = await outbox();
    const types = [...new Set(rows.map(({ event_type: type }) => type))].sort();
    expect(types).toEqual(
      expect.arrayContaining([
        'payment.completed',
        'refund.initiated',
        'refund.completed',
        'dispute.opened',
        'reconciliation.requested',
        'reconciliation.completed',
      ]),
    );
    expect(rows.flatMap((row) => judge.flaws(row))).toEqual([]);
    const twice = await query(
      running.world,
      `SELECT aggregate_type, aggregate_id, sequence FROM outbox
        GROUP BY 1, 2, 3 HAVING count(*) > 1`,
    );
    expect(twice).toEqual([]);
  });

  it('would miss a type that nobody declared, another payload and another version', async () => {
    const judge = new Judge(await catalogue());
    const [row] = (await outbox()).filter(({ event_type: type }) => type === 'payment.completed');
    if (!row) throw new Error('nothing was bought');
    expect(judge.flaws(row)).toEqual([]);
    expect(judge.flaws({ ...row, event_type: 'payment.exploded' })).toEqual([
      'payment.exploded is not in the catalogue',
    ]);
    expect(
      judge.flaws({ ...row, payload: { ...(row.payload as object), email: 'a' } }),
    ).toHaveLength(1);
    expect(judge.flaws({ ...row, payload: {} })).toHaveLength(1);
    expect(judge.flaws({ ...row, event_version: 2, sequence: null })).toHaveLength(2);
  });

  it('gives every type a description and an example of its schema', async () => {
    const entries = await catalogue();
    expect(entries.length).toBeGreaterThan(14);
    const judge = new Judge(entries);
    for (const { type, version, description, example } of entries) {
      expect(description).toMatch(/^[A-Z].*\.$/);
      const row = { event_type: type, event_version: version, payload: example, sequence: '1' };
      expect(judge.flaws(row)).toEqual([]);
    }
  });

  it('is a page that loads and runs nothing', async () => {
    const page = await new Client(running.url).get('/events');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none';style-src 'sha256-[\w+/]+=';base-uri 'none';/,
    );
    expect(page.text).not.toMatch(/<script|onload|<link|<img|style="/i);
    for (const { type } of await catalogue()) expect(page.text).toContain(`<section id="${type}">`);
  });
});

describe('a declaration', () => {
  const type = {
    type: 'thing.happened',
    version: 1,
    description: 'Something.',
    payload: z.strictObject({ thingId: z.guid() }),
    example: { thingId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21' },
  };
  const catalogueOf = (...types: readonly EventType[]) => {
    const providers = [{ instance: describeEvents(...types).useValue }];
    const declared: string[] = [];
    const read = new EventCatalogue(
      { getProviders: () => providers } as never,
      { declare: (names: string[]) => declared.push(...names) } as never,
    );
    return { read, declared };
  };

  it('is announced to the relay as published', () => {
    const { read, declared } = catalogueOf(type);
    read.onModuleInit();
    expect(declared).toEqual(['thing.happened']);
    expect(read.has('thing.happened')).toBe(true);
  });

  it('that is there twice ends the start', () => {
    expect(() => {
      catalogueOf(type, type).read.onModuleInit();
    }).toThrow('declared twice');
  });

  it('whose example is not what it says ends the start', () => {
    expect(() => catalogueEntry({ ...type, example: { thingId: 7 } })).toThrow('thingId');
  });
});
