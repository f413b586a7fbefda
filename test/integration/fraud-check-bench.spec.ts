import { measureFraudCheck } from '../bench/fraud-check.js';
import { type OpenDatabase, openDatabase } from './outbox-database.js';

let db: OpenDatabase;

beforeAll(async () => {
  db = await openDatabase();
});
afterAll(() => db.close());

it('the bench checks purchases that have a history, and tells how long that took', async () => {
  const line = await measureFraudCheck(db.database, 10_000, 30);
  expect(line).toMatchObject({ scenario: 'fraud-check', signals: 10_000, checks: 30 });
  expect(line.p99_ms).toBeGreaterThanOrEqual(line.p50_ms);
  const [counted] = await db.query(
    `SELECT count(*)::integer AS rows, count(DISTINCT user_id)::integer AS users,
        min(created_at) > now() - interval '31 days' AS recent FROM purchase_signals`,
  );
  expect(counted).toEqual({ rows: 10_000, users: 5_000, recent: true });
});
