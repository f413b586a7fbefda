import { type PurchaseSignals, recordPurchaseSignals } from '../../src/fraud/fraud.contract.js';
import { newId } from '../../src/kernel/ids.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { type OpenDatabase, openDatabase } from './outbox-database.js';

const TENANT = newId();

let db: OpenDatabase;

const signals = (over: Partial<PurchaseSignals> = {}): PurchaseSignals => ({
  tenantId: TENANT,
  paymentId: newId(),
  userId: newId(),
  deviceFingerprint: 'fp_8f14e45f',
  ip: '2001:db8::1',
  userAgent: 'Mozilla/5.0',
  sessionData: { actions: [{ type: 'click', x: 1, y: 2 }], browserFeatures: { webdriver: false } },
  at: new Date(),
  retentionDays: 30,
  ...over,
});

const record = (all: PurchaseSignals) => db.database.transact(TENANT, [recordPurchaseSignals(all)]);
const rows = () => db.query('SELECT *, host(ip_address) AS ip FROM purchase_signals');

beforeAll(async () => {
  db = await openDatabase();
});

beforeEach(() => db.query('TRUNCATE purchase_signals'));

afterAll(() => db.close());

it('keeps what the fraud checks need', async () => {
  const at = new Date('2026-01-12T10:00:00Z');
  const told = signals({ at });
  await record(told);
  expect(await rows()).toEqual([
    expect.objectContaining({
      tenant_id: TENANT,
      payment_id: told.paymentId,
      user_id: told.userId,
      device_fingerprint: 'fp_8f14e45f',
      ip: '2001:db8::1',
      user_agent: 'Mozilla/5.0',
      session_data: told.sessionData,
      created_at: at,
      expires_at: new Date('2026-02-11T10:00:00Z'),
    }),
  ]);
});

it('stores no text that was typed', async () => {
  await record(
    signals({
      sessionData: {
        actions: [{ type: 'input', value: '4242424242424242', target: 'a.buyer@example.com' }],
        browserFeatures: { platform: 'eyJhbGciOiJSUzI1NiJ9', name: 'A Buyer' },
      },
    }),
  );
  const [stored] = await rows();
  expect(stored?.session_data).toEqual({ actions: [{ type: 'input' }], browserFeatures: {} });
});

it.each([
  ['nothing at all', undefined, null],
  ['no address', 'unknown', null],
  ['an address with a zone', 'fe80::1%eth0', 'fe80::1'],
  ['an IPv4 address', '198.51.100.7', '198.51.100.7'],
])('does not stop a purchase that comes from %s', async (_, ip, kept) => {
  await record(
    signals({ ip, deviceFingerprint: undefined, userAgent: undefined, sessionData: undefined }),
  );
  expect(await rows()).toMatchObject([
    { ip: kept, device_fingerprint: null, user_agent: null, session_data: null },
  ]);
});

it('cuts a user agent that goes on and on', async () => {
  await record(signals({ userAgent: 'x'.repeat(10_000) }));
  expect((await rows())[0]?.user_agent).toHaveLength(512);
});

it('keeps the first record of a payment', async () => {
  const first = signals();
  await record(first);
  await record({ ...signals(), paymentId: first.paymentId });
  expect(await rows()).toMatchObject([{ user_id: first.userId }]);
});

it('is invisible to other tenants, and cannot be changed or deleted by the application', async () => {
  await record(signals());
  const [seen] = await db.database.read(newId(), [sql`SELECT user_id FROM purchase_signals`]);
  expect(seen?.rows).toEqual([]);
  for (const statement of [
    sql`UPDATE purchase_signals SET user_agent = NULL`,
    sql`DELETE FROM purchase_signals`,
  ]) {
    await expect(db.database.transact(TENANT, [statement])).rejects.toThrow('permission denied');
  }
});
