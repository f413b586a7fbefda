import { AppError } from '../../src/kernel/errors.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import type { InboxVerdict } from '../../src/webhooks/webhooks.contract.js';
import { TENANT } from './edge-app.js';
import { until } from './outbox-database.js';
import {
  acme,
  body,
  db,
  endPauses,
  hmac,
  newApp,
  post,
  rows,
  SECRET,
  worker,
} from './webhook-inbox-world.js';

describe('the inbox', () => {
  beforeEach(async () => {
    await post(body());
  });

  it('hands over what was verified, and notes it as processed', async () => {
    expect(await worker.pass()).toBe(1);
    expect(acme.handled).toEqual([
      expect.objectContaining({
        tenantId: TENANT,
        provider: 'acme',
        eventId: 'evt_1',
        eventType: 'charge.succeeded',
        account: 'acct_1',
        livemode: false,
        payload: { object: 'ch_1' },
        attempts: 0,
      }),
    ]);
    expect(await rows()).toMatchObject([
      { status: 'processed', processed_at: expect.any(Date) as Date },
    ]);
    expect(await worker.pass()).toBe(0);
  });

  it('has nothing to do for an event that nobody acts on: it is kept as processed', async () => {
    await worker.pass();
    await post(body({ id: 'evt_2', type: 'noise' }));
    expect(await worker.pass()).toBe(0);
    expect(await rows()).toMatchObject([
      { webhook_id: 'evt_1' },
      { webhook_id: 'evt_2', status: 'processed', processed_at: expect.any(Date) as Date },
    ]);
  });

  it('keeps an event about an unknown object until it is known', async () => {
    acme.verdict = () => 'retry';
    await worker.pass();
    expect(await rows()).toMatchObject([{ status: 'pending', attempts: 1 }]);
    expect(await worker.pass()).toBe(0);
    await endPauses();
    acme.verdict = () => 'processed';
    await worker.pass();
    expect(await rows()).toMatchObject([{ status: 'processed', error_message: null }]);
  });

  it.each<[string, () => InboxVerdict]>([
    ['retry', () => 'retry'],
    [
      'failure',
      () => {
        throw new Error('broken');
      },
    ],
  ])('leaves an event to a human after twelve times %s', async (_, verdict) => {
    acme.verdict = verdict;
    for (let attempt = 1; attempt <= 12; attempt++) {
      expect(await rows()).toMatchObject([{ status: 'pending', attempts: attempt - 1 }]);
      await worker.pass();
      await endPauses();
    }
    expect(await rows()).toMatchObject([{ status: 'failed', attempts: 12, lease_until: null }]);
    expect(await worker.pass()).toBe(0);
  });

  it('counts nothing while the provider is away', async () => {
    acme.verdict = () => {
      throw new AppError('PROVIDER_UNAVAILABLE', 'away');
    };
    await worker.pass();
    expect(await rows()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  });

  it('sets aside what must not be acted on', async () => {
    acme.verdict = () => ({ quarantine: 'livemode differs' });
    await worker.pass();
    await endPauses();
    expect(await rows()).toMatchObject([
      { status: 'quarantined', error_message: 'livemode differs', lease_until: null },
    ]);
    expect(await worker.pass()).toBe(0);
  });

  it('leaves no event in processing when its worker died', async () => {
    const lease = (interval: string) =>
      db.query(
        `UPDATE webhook_inbox SET status = 'processing', lease_until = now() + $1::interval`,
        [interval],
      );
    await lease('10 seconds');
    expect(await worker.pass()).toBe(0);
    await lease('-1 second');
    expect(await worker.pass()).toBe(1);
    expect(await rows()).toMatchObject([{ status: 'processed', lease_until: null }]);
  });

  it('does not let a worker that lost its lease undo the work of the next', async () => {
    const takeOver = `UPDATE webhook_inbox SET lease_until = now() + interval '1 hour'`;
    for (const late of ['retry', { quarantine: 'late' }] as const) {
      acme.verdict = async (): Promise<InboxVerdict> => {
        await db.query(takeOver);
        return late;
      };
      await worker.pass();
      expect(await rows()).toMatchObject([{ status: 'processing', attempts: 0 }]);
      await db.query(`UPDATE webhook_inbox SET lease_until = now() - interval '1 second'`);
    }
  });

  it('isolates a sick event from its neighbours', async () => {
    for (let n = 2; n <= 30; n++) await post(body({ id: `evt_${n}` }));
    acme.verdict = () => {
      if (acme.handled.at(-1)?.eventId === 'evt_7') throw new Error('sick');
      return 'processed';
    };
    for (let pass = 1; pass <= 4; pass++) await worker.pass();
    const statuses = await db.query(
      'SELECT status, count(*)::integer FROM webhook_inbox GROUP BY 1 ORDER BY 1',
    );
    expect(statuses).toEqual([
      { status: 'pending', count: 1 },
      { status: 'processed', count: 29 },
    ]);
  });

  it('is invisible to other tenants', async () => {
    const { database } = db;
    const read = async (tenantId: Uuid) =>
      (await database.read(tenantId, [sql`SELECT id FROM webhook_inbox`]))[0]?.rows.length;
    expect([await read(TENANT), await read(newId())]).toEqual([1, 0]);
  });
});

it('works by itself in the background, at once after an event came', async () => {
  const other = await newApp(true);
  try {
    await post(body(), hmac(body(), SECRET), 'acme', other);
    await until(async () => (await rows())[0]?.status === 'processed');
  } finally {
    await other.close();
  }
});
