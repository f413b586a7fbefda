import type { Uuid } from '../../src/kernel/ids.js';
import { drawnOrder } from '../../src/waiting-room/domain/draw.js';
import { leafHash, rootOf } from '../../src/waiting-room/domain/merkle.js';
import type { RoomKey } from '../../src/waiting-room/domain/room.js';
import { holdPlace, leavePlace } from '../../src/waiting-room/infra/place-rows.js';
import { PostgresQueue } from '../../src/waiting-room/infra/postgres-queue.js';
import { beginDraw, holdRoom, shareRoom } from '../../src/waiting-room/infra/room-rows.js';
import { SEED, WaitingRooms } from '../support/waiting-room-world.js';
import { type OpenDatabase, openDatabase } from './outbox-database.js';

jest.setTimeout(60_000);

/** Two runs of a draw. */
const SIZE = 1_100;

let store: OpenDatabase;
let world: WaitingRooms;
let another: WaitingRooms;

beforeAll(async () => {
  store = await openDatabase();
  [world, another] = [1, 2].map(
    () => new WaitingRooms(store.database, new PostgresQueue(store.database)),
  ) as [WaitingRooms, WaitingRooms];
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => store.close());

interface Draw {
  readonly room: RoomKey;
  readonly users: readonly Uuid[];
  readonly order: readonly Uuid[];
}

/** A room of which it is fixed who takes part, and the one order that its seed gives. */
async function drawing(): Promise<Draw> {
  const room = await world.scheduled();
  const users = await world.joined(room, SIZE);
  await store.database.transact(room.tenantId, [holdRoom(room), beginDraw(room, false)]);
  const rows = await store.query(
    'SELECT queue_id FROM waiting_room_places WHERE tenant_id = $1 AND is_early',
    [room.tenantId],
  );
  return {
    room,
    users,
    order: drawnOrder(
      SEED,
      rows.map(({ queue_id }) => queue_id as Uuid),
    ),
  };
}

/** What everybody sees of a draw. */
async function drawn({ tenantId }: RoomKey) {
  const places = await store.query(
    `SELECT queue_id, ordinal::integer AS ordinal FROM waiting_room_places
      WHERE tenant_id = $1 AND is_early ORDER BY ordinal`,
    [tenantId],
  );
  const [room] = await store.query(
    `SELECT status, seed, draw_size, draw_root,
        (SELECT count(*)::integer FROM waiting_room_draws d WHERE d.tenant_id = r.tenant_id) AS runs
      FROM waiting_rooms r WHERE tenant_id = $1`,
    [tenantId],
  );
  return { room, places };
}

const expected = ({ order }: Draw) => ({
  room: {
    status: 'open',
    seed: SEED,
    draw_size: SIZE,
    draw_root: rootOf(order.map(leafHash)),
    runs: 2,
  },
  places: order.map((queue_id, index) => ({ queue_id, ordinal: index + 1 })),
});

/** The process dies before its so manieth writing transaction from now on. */
function dyingBefore(transaction: number): void {
  const { database } = store;
  const real = database.transact.bind(database);
  let calls = 0;
  jest.spyOn(database, 'transact').mockImplementation((...batch) => {
    calls += 1;
    return calls < transaction ? real(...batch) : Promise.reject(new Error('died'));
  });
}

describe('row 36: a draw', () => {
  it('that two processes do at once is one draw', async () => {
    const draw = await drawing();
    await Promise.all([world.draws.finish(draw.room), another.draws.finish(draw.room)]);
    expect(await drawn(draw.room)).toEqual(expected(draw));
  });

  it('that is done twice is the same', async () => {
    const draw = await drawing();
    await world.draws.finish(draw.room);
    await store.query(
      `UPDATE waiting_rooms SET status = 'drawing', seed = NULL, draw_size = NULL, draw_root = NULL
        WHERE tenant_id = $1`,
      [draw.room.tenantId],
    );
    await another.draws.finish(draw.room);
    expect(await drawn(draw.room)).toEqual(expected(draw));
  });

  it('broken off midway goes on as it began, even when somebody has left meanwhile', async () => {
    const draw = await drawing();
    dyingBefore(2);
    await expect(world.draws.finish(draw.room)).rejects.toThrow('died');
    jest.restoreAllMocks();
    expect((await drawn(draw.room)).room).toMatchObject({ status: 'drawing', runs: 1 });
    for (const user of draw.users.slice(0, 20)) {
      await store.database.transact(draw.room.tenantId, [
        shareRoom(draw.room),
        ...holdPlace(draw.room, user),
        leavePlace(draw.room, user),
      ]);
    }
    await another.draws.finish(draw.room);
    expect(await drawn(draw.room)).toEqual(expected(draw));
  });

  it('is told to the queue before it is over: what dies in between is done again', async () => {
    const draw = await drawing();
    const told = jest.spyOn(world.queue, 'reread');
    dyingBefore(3);
    await expect(world.draws.finish(draw.room)).rejects.toThrow('died');
    expect(told).toHaveBeenCalledTimes(1);
    jest.restoreAllMocks();
    await another.draws.finish(draw.room);
    expect(await drawn(draw.room)).toEqual(expected(draw));
  });
});
