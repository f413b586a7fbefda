import { Test } from '@nestjs/testing';
import { Retention, RetentionModule } from '../../src/kernel/retention/index.js';
import type { RoomKey } from '../../src/waiting-room/domain/room.js';
import { PostgresQueue } from '../../src/waiting-room/infra/postgres-queue.js';
import { closeRoom } from '../../src/waiting-room/infra/room-rows.js';
import { WAITING_ROOM_RETENTION } from '../../src/waiting-room/infra/waiting-room-retention.js';
import {
  GetPlaceProof,
  GetPlaceProofHandler,
} from '../../src/waiting-room/queries/get-place-proof.js';
import { WaitingRooms } from '../support/waiting-room-world.js';
import { ground, type OpenDatabase, openDatabase } from './outbox-database.js';

let store: OpenDatabase;
let world: WaitingRooms;

beforeAll(async () => {
  store = await openDatabase();
  world = new WaitingRooms(store.database, new PostgresQueue(store.database));
});
afterAll(() => store.close());

async function runRetention(): Promise<void> {
  const app = await Test.createTestingModule({
    imports: [ground(store), RetentionModule],
    providers: [WAITING_ROOM_RETENTION],
  }).compile();
  await app.init();
  await app.get(Retention).run();
  await app.close();
}

/** A room with three drawn places, all over: two of 91 days ago and one of today; then a late one. */
async function drawnRoom(): Promise<RoomKey> {
  const room = await world.scheduled();
  const [first] = await world.joined(room, 3);
  await world.open(room);
  await world.joined(room, 1);
  const { tenantId } = room;
  await store.query(
    `UPDATE waiting_room_places SET status = 'abandoned', ended_at = now(),
        joined_at = joined_at - CASE WHEN user_id = $2 THEN '0'::interval ELSE '91 days' END
      WHERE tenant_id = $1`,
    [tenantId, first],
  );
  await store.query(
    `UPDATE waiting_room_draws SET created_at = created_at - interval '91 days'
      WHERE tenant_id = $1`,
    [tenantId],
  );
  return room;
}

async function left({ tenantId }: RoomKey) {
  const [counts] = await store.query(
    `SELECT (SELECT count(*) FROM waiting_room_places WHERE tenant_id = $1 AND is_early)::integer
        AS drawn,
      (SELECT count(*) FROM waiting_room_places WHERE tenant_id = $1 AND NOT is_early)::integer
        AS late,
      (SELECT count(*) FROM waiting_room_draws WHERE tenant_id = $1)::integer AS runs`,
    [tenantId],
  );
  return counts;
}

it('what proves a draw goes at the same time, three months after the room has opened', async () => {
  const [fresh, old] = [await drawnRoom(), await drawnRoom()];
  await store.query(
    `UPDATE waiting_rooms SET opened_at = opened_at - interval '91 days' WHERE tenant_id = $1`,
    [old.tenantId],
  );
  await store.query(
    `UPDATE waiting_room_places SET joined_at = joined_at - interval '91 days'
      WHERE tenant_id = $1 AND is_early AND joined_at > now() - interval '90 days'`,
    [old.tenantId],
  );
  await runRetention();
  expect(await left(fresh)).toEqual({ drawn: 3, late: 1, runs: 1 });
  expect(await left(old)).toEqual({ drawn: 0, late: 0, runs: 0 });
});

it('a proof that no longer leads to the published root is not shown', async () => {
  const room = await world.scheduled();
  const [first = '', second = ''] = await world.joined(room, 3);
  await world.open(room);
  const proofs = new GetPlaceProofHandler(store.database);
  const proof = () => proofs.execute(new GetPlaceProof(room, first));
  expect(await proof()).toMatchObject({ drawn: { size: 3 } });
  await store.query('DELETE FROM waiting_room_places WHERE user_id = $1', [second]);
  expect(await proof()).toMatchObject({ isEarly: true, drawn: null });
});

it('a closed room takes back what has expired, and keeps who waits for it to go on', async () => {
  const room = await world.opened({ capacity: 1 });
  await world.joined(room, 2);
  await world.admissions.admit(room);
  await store.database.transact(room.tenantId, [closeRoom(room)]);
  for (const table of ['waiting_room_access', 'waiting_room_places']) {
    await store.query(
      `UPDATE ${table} SET lease_until = now() - interval '1 minute' WHERE tenant_id = $1`,
      [room.tenantId],
    );
  }
  await world.admissions.giveUpSilent();
  await world.admissions.pass();
  const tokens = await store.query('SELECT status FROM waiting_room_access WHERE tenant_id = $1', [
    room.tenantId,
  ]);
  expect(tokens).toEqual([{ status: 'lapsed' }]);
  const places = await store.query(
    'SELECT status FROM waiting_room_places WHERE tenant_id = $1 ORDER BY ordinal',
    [room.tenantId],
  );
  expect(places).toEqual([{ status: 'abandoned' }, { status: 'waiting' }]);
});
