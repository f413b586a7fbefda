import { PostgresQueue } from '../../src/waiting-room/infra/postgres-queue.js';
import { eventually } from '../support/shop.js';
import { WaitingRooms } from '../support/waiting-room-world.js';
import { openDatabase, type TestDatabase } from './venues-world.js';

jest.setTimeout(120_000);

let store: TestDatabase;
let world: WaitingRooms;

beforeAll(async () => {
  store = await openDatabase();
  world = new WaitingRooms(store.database, new PostgresQueue(store.database));
});
afterAll(() => store.close());

const ASKING = 64;

/** How often the index of the order was looked into. */
async function looks(): Promise<number> {
  const { rows } = await store.superuser.query<{ looks: number }>(
    `SELECT idx_scan::integer AS looks FROM pg_stat_user_indexes
      WHERE indexrelname = 'waiting_room_places_line'`,
  );
  return rows[0]?.looks ?? 0;
}

it('a position is read from the order, also in a room that is newer than the statistics', async () => {
  const old = await world.opened();
  await world.joined(old, 1_500);
  await store.superuser.query('ANALYZE waiting_room_places');
  const room = await world.opened();
  const users = await world.joined(room, 1_500);
  const before = await looks();
  const stands = await Promise.all(
    users.slice(-ASKING).map((user) => world.queue.stand(room, user)),
  );
  expect(stands.map((stand) => stand?.ahead)).toEqual(stands.map((_, n) => 1_500 - ASKING + n));
  // Backends tell of what they did with a delay.
  await eventually(async () => (await looks()) - before >= ASKING, 'the index to be used');
});
