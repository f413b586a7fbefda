import type pg from 'pg';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import {
  LeaveWaitingRoom,
  LeaveWaitingRoomHandler,
} from '../../src/waiting-room/commands/leave-waiting-room.js';
import { insertPlaces } from '../../src/waiting-room/infra/place-rows.js';
import { PostgresQueue } from '../../src/waiting-room/infra/postgres-queue.js';
import { WaitingRooms } from '../support/waiting-room-world.js';
import { type OpenDatabase, openDatabase, until } from './outbox-database.js';

let store: OpenDatabase;
let world: WaitingRooms;
let other: pg.Client;

beforeAll(async () => {
  store = await openDatabase();
  world = new WaitingRooms(store.database, new PostgresQueue(store.database));
  other = await store.connect();
});
afterAll(async () => {
  await other.end();
  await store.close();
});

/** Some transaction waits for the one that is open. */
const somebodyWaits = () =>
  until(async () => {
    const waiting = await store.query(
      `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE NOT granted AND datname = current_database()`,
    );
    return waiting.length > 0;
  });

describe('who leaves while a payment begins with their token', () => {
  it('is told so, and keeps place and token', async () => {
    const room = await world.opened();
    const [userId = ''] = await world.joined(room, 1);
    await world.admissions.admit(room);
    const token = `SELECT reserve_waiting_room_access(tenant_id, jti, $2)
      FROM waiting_room_access WHERE tenant_id = $1`;
    await other.query('BEGIN');
    await other.query(token, [room.tenantId, newId()]);
    const handler = new LeaveWaitingRoomHandler(store.database, world.queue);
    const leaving = handler.execute(new LeaveWaitingRoom(room, userId));
    await somebodyWaits();
    await other.query('COMMIT');
    expect(await leaving).toMatchObject({ refused: 'CONFLICT' });
    const rows = await store.query(
      `SELECT a.status, p.status AS place FROM waiting_room_access a
        JOIN waiting_room_places p USING (tenant_id, queue_id) WHERE a.tenant_id = $1`,
      [room.tenantId],
    );
    expect(rows).toEqual([{ status: 'reserved', place: 'admitted' }]);
  });
});

describe('two processes that are asked to join by the same people', () => {
  it('take them in one order, and wait for each other with nothing that the other needs', async () => {
    const room = await world.opened();
    const [first, second] = [newId(), newId()].toSorted() as [Uuid, Uuid];
    const insert = (userId: Uuid) =>
      other.query(
        `INSERT INTO waiting_room_places
            (tenant_id, event_id, queue_id, user_id, is_early, lease_until)
          VALUES ($1, $2, $3, $4, false, now())`,
        [room.tenantId, room.eventId, newId(), userId],
      );
    await other.query(`BEGIN; SET LOCAL lock_timeout = '500ms'`);
    await insert(first);
    const wanted = [second, first].map((userId) => ({ userId, queueId: newId() }));
    const joining = store.database.transact(room.tenantId, [insertPlaces(room, wanted)]);
    await somebodyWaits();
    await insert(second);
    await other.query('COMMIT');
    expect((await joining)[0]?.rows).toEqual([]);
  });
});
