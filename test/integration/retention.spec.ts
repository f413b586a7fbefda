import { newId } from '../../src/kernel/ids.js';
import { Retention } from '../../src/kernel/retention/index.js';
import { type AdminWorld, startAdminWorld } from './admin-world.js';

let world: AdminWorld;

beforeAll(async () => {
  world = await startAdminWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.query(`TRUNCATE webhook_inbox, webhook_inbox_archive, outbox, outbox_dlq, event_inbox,
    payment_idempotency, internal_nonces, purchase_signals`);
});

const run = () => world.app.get(Retention).run();

async function left(table: string, column: string): Promise<unknown[]> {
  const rows = await world.query(`SELECT ${column} AS name FROM ${table} ORDER BY 1`);
  return rows.map(({ name }) => name);
}

/** An event of a provider, called by its status and its age, which every one of its instants has. */
const inbox = (status: string, days: number) =>
  world.query(
    `INSERT INTO webhook_inbox (tenant_id, id, provider, webhook_id, event_type, livemode, payload,
        status, received_at, created_at, updated_at, processed_at, lease_until, attempts)
      SELECT $1, $2, 'acme', $3::text || ' ' || $4, 'charge.succeeded', false, '{"object": "ch_1"}', $3,
        long_ago, long_ago, long_ago, CASE $3 WHEN 'processed' THEN long_ago END,
        CASE $3 WHEN 'processing' THEN long_ago END, 12
      FROM (SELECT now() - make_interval(days => $4) AS long_ago) t`,
    [world.tenantId, newId(), status, days],
  );

describe('provider events', () => {
  it('go 30 days after they were processed, and nothing that waits goes ever', async () => {
    for (const status of ['pending', 'processing', 'quarantined']) await inbox(status, 4_000);
    await inbox('processed', 31);
    await inbox('processed', 29);
    await run();
    expect(await left('webhook_inbox', 'webhook_id')).toEqual([
      'pending 4000',
      'processed 29',
      'processing 4000',
      'quarantined 4000',
    ]);
    expect(await left('webhook_inbox_archive', 'webhook_id')).toEqual([]);
  });

  it('are archived whole a week after they failed for good', async () => {
    await inbox('failed', 8);
    await inbox('failed', 6);
    const [before] = await world.query(
      `SELECT to_jsonb(w) AS row FROM webhook_inbox w WHERE webhook_id = 'failed 8'`,
    );
    await run();
    expect(await left('webhook_inbox', 'webhook_id')).toEqual(['failed 6']);
    const archived = await world.query(
      `SELECT to_jsonb(a) - 'archived_at' AS row, archived_at FROM webhook_inbox_archive a`,
    );
    expect(archived).toEqual([{ ...before, archived_at: expect.any(Date) as Date }]);
  });

  it('have every column in the archive too', async () => {
    const missing = await world.query(`
      SELECT attname FROM pg_attribute i WHERE i.attrelid = 'webhook_inbox'::regclass AND i.attnum > 0
        AND NOT attisdropped AND NOT EXISTS (SELECT FROM pg_attribute a
          WHERE a.attrelid = 'webhook_inbox_archive'::regclass AND a.attname = i.attname
            AND a.atttypid = i.atttypid)`);
    expect(missing).toEqual([]);
  });
});

describe('our own events', () => {
  const event = async (name: string, processedDays: number | null, createdDays = 4_000) => {
    const id = newId();
    await world.query(
      `INSERT INTO outbox (tenant_id, event_id, aggregate_id, aggregate_type, event_type,
          event_version, payload, occurred_at, created_at, processed_at)
        VALUES ($1, $2, $2, 'thing', $3, 1, '{}', now(), now() - make_interval(days => $4),
          now() - make_interval(days => $5))`,
      [world.tenantId, id, name, createdDays, processedDays],
    );
    await world.query(`INSERT INTO event_inbox VALUES ($1, $2, $3)`, [world.tenantId, id, name]);
    return id;
  };

  it('go a week after they were delivered with who had them; the undelivered and the dead stay', async () => {
    await event('delivered long ago', 8);
    await event('delivered lately', 6);
    await event('never delivered', null);
    const dead = await event('dead', 400);
    await world.query(
      `INSERT INTO outbox_dlq (tenant_id, original_id, event_id, aggregate_id, aggregate_type,
          event_type, payload, attempts, created_at)
        SELECT tenant_id, id, event_id, aggregate_id, aggregate_type, event_type, payload, 5,
          created_at FROM outbox WHERE event_id = $1`,
      [dead],
    );
    await run();
    const kept = ['dead', 'delivered lately', 'never delivered'];
    expect(await left('outbox', 'event_type')).toEqual(kept);
    expect(await left('event_inbox', 'subscriber')).toEqual(kept);
    expect(await left('outbox_dlq', 'event_type')).toEqual(['dead']);
  });
});

describe('idempotency keys', () => {
  const key = (operation: string, expires: string, status: number | null, lease = '-1 day') =>
    world.query(
      `INSERT INTO payment_idempotency (tenant_id, user_id, operation, idempotency_key,
          request_hash, resource_id, lease_until, status_code, response, created_at, expires_at)
        VALUES ($1, $2, $3, $2, 'hash', $2, now() + $4::interval, $5,
          CASE WHEN $5::integer IS NULL THEN NULL ELSE '{}' END, now() - interval '400 days',
          now() + $6::interval)`,
      [world.tenantId, newId(), operation, lease, status, expires],
    );

  it('go when they have a final answer and their time is over; one of an open outcome never', async () => {
    await key('answered, over', '-1 minute', 200);
    await key('declined, over', '-1 minute', 402);
    await key('answered, alive', '1 hour', 200);
    await key('unknown, over', '-300 days', null);
    await key('running, over', '-300 days', null, '10 seconds');
    await run();
    expect(await left('payment_idempotency', 'operation')).toEqual([
      'answered, alive',
      'running, over',
      'unknown, over',
    ]);
  });
});

it('nonces go when no signature can use them any more', async () => {
  for (const minutes of [61, 59]) {
    await world.query(
      `INSERT INTO internal_nonces VALUES ($1, 'orders', $2::text, now() - make_interval(mins => $2::integer))`,
      [world.tenantId, minutes],
    );
  }
  await run();
  expect(await left('internal_nonces', 'nonce')).toEqual(['59']);
});

it('signals go when their own time is over', async () => {
  for (const expires of ['-1 minute', '1 minute']) {
    await world.query(
      `INSERT INTO purchase_signals (tenant_id, payment_id, user_id, user_agent, created_at, expires_at)
        VALUES ($1, $2, $2, $3::text, now() - interval '40 days', now() + $3::interval)`,
      [world.tenantId, newId(), expires],
    );
  }
  await run();
  expect(await left('purchase_signals', 'user_agent')).toEqual(['1 minute']);
});

it('these tables have rules, and no other', async () => {
  const tables = (await run()).map(({ what, table }) => `${what} ${table}`).sort();
  expect(tables).toEqual([
    'archive webhook_inbox',
    'delete bot_detections',
    'delete device_activity',
    'delete fraud_checks',
    'delete fraud_labels',
    'delete fraud_lists',
    'delete internal_nonces',
    'delete known_scalpers',
    'delete outbox',
    'delete payment_idempotency',
    'delete purchase_signals',
    'delete webhook_inbox',
  ]);
});
