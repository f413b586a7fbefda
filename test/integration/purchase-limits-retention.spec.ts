import { Test } from '@nestjs/testing';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import type { Statement } from '../../src/kernel/postgres/sql.js';
import { Retention, RetentionModule } from '../../src/kernel/retention/index.js';
import { confirmLimits, releaseLimits } from '../../src/waiting-room/waiting-room.contract.js';
import { LIMIT_RETENTION } from '../../src/waiting-room/infra/limit-retention.js';
import { ground, type OpenDatabase, openDatabase } from './outbox-database.js';
import { countersOf, reserve, saleOf } from './purchase-limits-world.js';

const tenantId = newId();
const eventId = newId();

let world: OpenDatabase;

beforeAll(async () => {
  world = await openDatabase();
});
afterAll(() => world.close());

/** A user's sale of so many days ago, and what became of it. */
async function sale(days: number, became?: (paymentId: Uuid) => Statement): Promise<void> {
  const { paymentId, userId, ...rest } = saleOf({ tenantId, eventId });
  await reserve(world.database, { paymentId, userId, ...rest });
  if (became) await world.database.transact(tenantId, [became(paymentId)]);
  for (const [table, column, id] of [
    ['purchase_limit_reservations', 'payment_id', paymentId],
    ['purchase_limit_counters', 'subject', userId],
  ]) {
    await world.query(
      `UPDATE ${String(table)} SET created_at = created_at - $1::interval,
        updated_at = updated_at - $1::interval WHERE ${String(column)} = $2`,
      [`${days} days`, id],
    );
  }
}

it('what was counted goes two years after it was last touched, what is reserved stays', async () => {
  const bought = (paymentId: Uuid) => confirmLimits(tenantId, paymentId);
  await sale(732, bought);
  await sale(732, (paymentId) => releaseLimits(tenantId, paymentId, null));
  await sale(732);
  await sale(729, bought);
  const app = await Test.createTestingModule({
    imports: [ground(world), RetentionModule],
    providers: LIMIT_RETENTION,
  }).compile();
  await app.init();
  const done = await app.get(Retention).run();
  await app.close();
  expect(done).toEqual(
    expect.arrayContaining([
      { table: 'purchase_limit_reservations', what: 'delete', rows: 2 },
      { table: 'purchase_limit_counters', what: 'delete', rows: 2 },
    ]),
  );
  expect(await countersOf(world, eventId)).toEqual(['user: 0/1', 'user: 1/0']);
});
