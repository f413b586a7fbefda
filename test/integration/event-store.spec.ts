import {
  append,
  type NewEvent,
  parseStream,
  readStream,
  STREAM_KEY,
  type Stream,
} from '../../src/kernel/event-store/event-store.js';
import { newId } from '../../src/kernel/ids.js';
import { failedWith } from '../../src/kernel/postgres/errors.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { type OpenDatabase, openDatabase } from './outbox-database.js';

const AT = new Date('2025-01-12T18:00:00.123Z');

let store: OpenDatabase;
let stream: Stream;

beforeAll(async () => {
  store = await openDatabase();
});
afterAll(() => store.close());
beforeEach(() => {
  stream = { tenantId: newId(), type: 'payment', id: newId() };
});

const event = (type: string, data: object = {}): NewEvent => ({ type, version: 1, data });
const write = (version: number, events: NewEvent[], to = stream) =>
  store.database.transact(to.tenantId, [
    append(to, version, events, { at: AT, correlationId: 'c-1', orderId: 'order_1' }),
  ]);
const history = async (of = stream) =>
  parseStream((await store.database.read(of.tenantId, [readStream(of)]))[0]);

describe('a stream', () => {
  it('is empty before its first event', async () => {
    expect(await history()).toEqual([]);
  });

  it('tells its events in the order they happened, numbered from one', async () => {
    await write(0, [event('payment.initiated', { a: 1 }), event('payment.processing')]);
    await write(2, [{ ...event('payment.succeeded'), version: 3 }]);
    const shared = { at: AT, correlationId: 'c-1' };
    expect(await history()).toEqual([
      { sequence: 1, type: 'payment.initiated', version: 1, data: { a: 1 }, ...shared },
      { sequence: 2, type: 'payment.processing', version: 1, data: {}, ...shared },
      { sequence: 3, type: 'payment.succeeded', version: 3, data: {}, ...shared },
    ]);
  });

  it('gives back what was written: text of any script, nothing lost in JSON', async () => {
    const data = { name: 'Zoë “🎟”', list: [null, { deep: [1.5, -0.25] }], big: 2 ** 53 - 1 };
    await write(0, [event('payment.initiated', data)]);
    expect((await history())[0]?.data).toEqual(data);
  });

  it('is one of its type only', async () => {
    await write(0, [event('payment.initiated')]);
    expect(await history({ ...stream, type: 'refund' })).toEqual([]);
  });

  it('is another tenant’s as little as its id', async () => {
    await write(0, [event('payment.initiated')]);
    expect(await history({ ...stream, tenantId: newId() })).toEqual([]);
    const [foreign] = await store.database.read(newId(), [readStream(stream)]);
    expect(foreign?.rows).toEqual([]);
  });
});

describe('appending', () => {
  it('on an outdated version is refused on the stream’s key, and nothing is written', async () => {
    await write(0, [event('payment.initiated'), event('payment.processing')]);
    const late: unknown = await write(1, [event('payment.failed'), event('x')]).catch(
      (error: unknown) => error,
    );
    expect(failedWith(late, '23505', STREAM_KEY)).toBe(true);
    expect((await history()).map(({ type }) => type)).toEqual([
      'payment.initiated',
      'payment.processing',
    ]);
  });

  it('undoes everything else of its transaction when it is refused', async () => {
    await write(0, [event('payment.initiated')]);
    const other = { ...stream, id: newId() };
    const both = store.database.transact(stream.tenantId, [
      append(other, 0, [event('payment.initiated')], { at: AT, correlationId: null }),
      append(stream, 0, [event('payment.initiated')], { at: AT, correlationId: null }),
    ]);
    await expect(both).rejects.toMatchObject({ constraint: STREAM_KEY });
    expect(await history(other)).toEqual([]);
  });

  it('lets exactly one of many through that decided on the same version', async () => {
    await write(0, [event('payment.initiated')]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => write(1, [event('payment.succeeded', { i })])),
    );
    const won = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
    expect(won).toHaveLength(1);
    const lost = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason as unknown] : []));
    expect(lost.every((error) => failedWith(error, '23505', STREAM_KEY))).toBe(true);
    expect((await history()).map(({ data }) => data)).toEqual([{}, { i: won[0] }]);
  });

  it('keeps the order that is paid for beside the events', async () => {
    await write(0, [event('payment.initiated')]);
    const rows = await store.query(
      'SELECT order_id, stream_type, id FROM payment_event_sequence WHERE payment_id = $1',
      [stream.id],
    );
    expect(rows).toEqual([
      { order_id: 'order_1', stream_type: 'payment', id: expect.any(String) as string },
    ]);
  });
});

describe('history', () => {
  const CHANGES = [
    `UPDATE payment_event_sequence SET payload = '{}'`,
    'DELETE FROM payment_event_sequence',
  ];

  it.each(CHANGES)('cannot be rewritten by anyone: %s', async (change) => {
    await write(0, [event('payment.initiated', { a: 1 })]);
    const statement = { text: change, values: [], name: change };
    await expect(store.database.transact(stream.tenantId, [statement])).rejects.toMatchObject({
      code: '42501',
    });
    await expect(store.database.asWorker([statement])).rejects.toMatchObject({ code: '42501' });
    await expect(store.query(change)).rejects.toMatchObject({ code: 'TT004' });
    expect((await history())[0]?.data).toEqual({ a: 1 });
  });

  it('begins with one: a sequence number of zero is refused', async () => {
    await expect(write(-1, [event('payment.initiated')])).rejects.toMatchObject({ code: '23514' });
  });

  it('takes no event for another tenant', async () => {
    const foreign = append(stream, 0, [event('payment.initiated')], {
      at: AT,
      correlationId: null,
    });
    await expect(store.database.transact(newId(), [foreign, sql`SELECT 1`])).rejects.toMatchObject({
      code: '42501',
    });
  });
});
