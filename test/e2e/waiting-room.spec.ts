import { createHash, createHmac } from 'node:crypto';
import { rootFrom } from '../../src/waiting-room/domain/merkle.js';
import { Admissions } from '../../src/waiting-room/infra/admissions.js';
import type { RunningApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { eventually, query, type Shop } from '../support/shop.js';
import {
  adminPath,
  del,
  join,
  pathOf,
  put,
  type RoomDesk,
  startDesk,
  statusOf,
  TERMS,
} from '../support/waiting-room-desk.js';

jest.setTimeout(60_000);

let running: RunningApp;
let shop: Shop;
let admin: Client;
let desk: RoomDesk;

beforeAll(async () => {
  ({ running, shop, admin, desk } = await startDesk());
});
afterAll(() => running.close());

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const ahead = (reply: Reply) => reply.body.position;

describe('before the opening', () => {
  it('a room shows the hash of its seed, never the seed', async () => {
    const eventId = await desk.room();
    const buyer = await shop.buyer(running.url);
    const { status, body } = await join(buyer, eventId);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      room: 'scheduled',
      status: 'waiting',
      position: null,
      seed: null,
    });
    expect(body.seedCommitment).toMatch(/^[0-9a-f]{64}$/);
    const [row] = await query(
      running.world,
      'SELECT seed, seed_ciphertext FROM waiting_rooms WHERE event_id = $1',
      [eventId],
    );
    expect(row?.seed).toBeNull();
    const proof = await buyer.get(pathOf(eventId, '/proof'));
    expect(proof.body).toMatchObject({ seed: null, drawn: null, isEarly: true });
  });

  it('joining again answers the same place', async () => {
    const eventId = await desk.room();
    const buyer = await shop.buyer(running.url);
    const places = await Promise.all([1, 2, 3].map(() => join(buyer, eventId)));
    expect(new Set(places.map(({ body }) => body.queueId)).size).toBe(1);
  });

  it('new terms keep the seed that was promised', async () => {
    const eventId = await desk.room();
    const before = (await admin.get(adminPath(eventId))).body;
    const after = (await put(admin, adminPath(eventId), { ...TERMS, capacity: 9 })).body;
    expect(after.capacity).toBe(9);
    expect(after.seedCommitment).toBe(before.seedCommitment);
  });
});

describe('the draw', () => {
  it('orders everybody by the seed that was promised, and proves it to each', async () => {
    const eventId = await desk.room();
    const buyers = await shop.buyers(running.url, 12);
    const joined = await Promise.all(buyers.map((buyer) => join(buyer, eventId)));
    const opened = await admin.post(adminPath(eventId, '/open'), {});
    expect(opened.body).toMatchObject({ room: 'open', drawSize: 12 });
    const seed = Buffer.from(String(opened.body.seed), 'hex');
    expect(sha256(seed)).toBe(joined[0]?.body.seedCommitment);

    const lot = (id: string) => createHmac('sha256', seed).update(id).digest('hex');
    const ids = joined.map(({ body }) => String(body.queueId));
    const order = ids.toSorted((a, b) => (lot(a) < lot(b) ? -1 : 1));
    const stand = await Promise.all(buyers.map((buyer) => statusOf(buyer, eventId)));
    expect(stand.map(ahead)).toEqual(ids.map((id) => order.indexOf(id) + 1));

    for (const [index, buyer] of buyers.entries()) {
      const { body } = await buyer.get(pathOf(eventId, '/proof'));
      const drawn = body.drawn as { rank: number; size: number; path: string[]; root: string };
      expect(drawn.rank).toBe(order.indexOf(ids[index] ?? '') + 1);
      const leaf = createHash('sha256').update(`\0${ids[index]}`).digest();
      const at = { index: drawn.rank - 1, size: drawn.size };
      const path = drawn.path.map((hash) => Buffer.from(hash, 'hex'));
      expect(rootFrom(leaf, at, path)?.toString('hex')).toBe(opened.body.drawRoot);
    }
  });

  it('is followed by first come, first served, and those who come are told apart', async () => {
    const eventId = await desk.room();
    await join(await shop.buyer(running.url), eventId);
    await admin.post(adminPath(eventId, '/open'), {});
    const late = await shop.buyer(running.url);
    expect(ahead(await join(late, eventId))).toBe(2);
    const proof = await late.get(pathOf(eventId, '/proof'));
    expect(proof.body).toMatchObject({ isEarly: false, drawn: null });
  });

  it('takes place once: opening again changes nothing', async () => {
    const eventId = await desk.room();
    await join(await shop.buyer(running.url), eventId);
    const first = (await admin.post(adminPath(eventId, '/open'), {})).body;
    const second = (await admin.post(adminPath(eventId, '/open'), {})).body;
    expect(second.openedAt).toBe(first.openedAt);
    const moved = await put(admin, adminPath(eventId), {
      ...TERMS,
      opensAt: '2032-01-01T00:00:00Z',
    });
    expect([moved.status, moved.body.code]).toEqual([409, 'CONFLICT']);
  });

  it('comes by itself when it is time', async () => {
    const eventId = await desk.room({ opensAt: '2020-01-01T00:00:00Z' });
    await running.app.get(Admissions).pass();
    expect((await admin.get(adminPath(eventId))).body.room).toBe('open');
  });
});

describe('admission', () => {
  it('lets in as many as there are slots, from the front, with a token each', async () => {
    const eventId = await desk.openRoom();
    const buyers = await shop.buyers(running.url, 4);
    for (const buyer of buyers) await join(buyer, eventId);
    expect(await desk.admit(eventId)).toBe(2);
    expect(await desk.admit(eventId)).toBe(0);
    const places = await Promise.all(buyers.map((buyer) => statusOf(buyer, eventId)));
    expect(places.map(({ body }) => body.status)).toEqual([
      ...['admitted', 'admitted', 'waiting', 'waiting'],
    ]);
    const [first, , third] = places;
    expect(first?.body.accessToken).toMatch(/^eyJ/);
    expect(third?.body.accessToken).toBeNull();
    const again = await Promise.all(buyers.slice(0, 1).map((buyer) => statusOf(buyer, eventId)));
    expect(again[0]?.body.accessToken).toBe(first?.body.accessToken);
    const { figures } = (await admin.get(adminPath(eventId))).body;
    expect(figures).toMatchObject({ queued: 2, admitted: 2, holding: 2, admittedLastMinute: 2 });
  });

  it('is no faster than the rate', async () => {
    const eventId = await desk.openRoom({ capacity: 100, ratePerMinute: 1 });
    for (const buyer of await shop.buyers(running.url, 3)) await join(buyer, eventId);
    expect(await desk.admit(eventId)).toBe(1);
    expect(await desk.admit(eventId)).toBe(0);
  });

  // One was admitted in all that time, and of late. A pace may be some seconds old.
  it.each([
    ['30 seconds', { from: [24, 47], to: [40, 79] }],
    ['4 minutes', { from: [48, 59], to: [320, 399] }],
  ])('tells how long it may take, %s after the opening', async (ago, { from, to }) => {
    const eventId = await desk.openRoom({ capacity: 1 });
    const [first, second] = await shop.buyers(running.url, 2);
    if (!first || !second) throw new Error('there are two');
    await join(first, eventId);
    await desk.admit(eventId);
    const opened = 'UPDATE waiting_rooms SET opened_at = now() - $2::interval WHERE event_id = $1';
    await query(running.world, opened, [eventId, ago]);
    await join(second, eventId);
    const told = await eventually(async () => (await statusOf(second, eventId)).body.eta);
    const { fromSeconds, toSeconds } = told as Record<string, number>;
    expect(fromSeconds).toBeGreaterThanOrEqual(from[0] ?? NaN);
    expect(fromSeconds).toBeLessThanOrEqual(from[1] ?? NaN);
    expect(toSeconds).toBeGreaterThanOrEqual(to[0] ?? NaN);
    expect(toSeconds).toBeLessThanOrEqual(to[1] ?? NaN);
  });

  it('gives the slot of who leaves, and of who falls silent, to the next', async () => {
    const eventId = await desk.openRoom({ capacity: 2 });
    const buyers = await shop.buyers(running.url, 4);
    for (const buyer of buyers) await join(buyer, eventId);
    await desk.admit(eventId);
    const [leaver, silent] = buyers as [Client, Client];
    expect((await del(leaver, pathOf(eventId, ''))).body.status).toBe('left');
    expect(await desk.admit(eventId)).toBe(1);
    await query(
      running.world,
      `UPDATE waiting_room_access SET lease_until = now() - interval '1 second'
        WHERE event_id = $1 AND queue_id = $2`,
      [eventId, (await statusOf(silent, eventId)).body.queueId],
    );
    expect(await desk.admit(eventId)).toBe(1);
    expect((await statusOf(silent, eventId)).body).toMatchObject({
      ...{ status: 'abandoned', accessToken: null },
    });
    const { figures } = (await admin.get(adminPath(eventId))).body;
    expect(figures).toMatchObject({ queued: 0, holding: 2, left: 1, abandoned: 1 });
    const actions = await query(
      running.world,
      'SELECT action, count(*)::integer AS n FROM waiting_room_activity WHERE event_id = $1 GROUP BY 1 ORDER BY 1',
      [eventId],
    );
    expect(actions).toEqual([
      { action: 'abandoned', n: 2 },
      { action: 'admitted', n: 4 },
      { action: 'joined', n: 4 },
    ]);
  });

  it('keeps the slot of who is heard of', async () => {
    const eventId = await desk.openRoom({ capacity: 1 });
    const buyer = await shop.buyer(running.url);
    await join(buyer, eventId);
    await desk.admit(eventId);
    const nearlyOver = `UPDATE waiting_room_access SET lease_until = now() + interval '1 second'
      WHERE event_id = $1`;
    await query(running.world, nearlyOver, [eventId]);
    expect((await buyer.post(pathOf(eventId, '/heartbeat'), {})).body.status).toBe('admitted');
    const [row] = await query(
      running.world,
      `SELECT lease_until > now() + interval '1 minute' AS renewed FROM waiting_room_access
        WHERE event_id = $1`,
      [eventId],
    );
    expect(row?.renewed).toBe(true);
  });

  it('gives up who waits in silence, and takes them back at the end', async () => {
    const eventId = await desk.openRoom({ capacity: 1, ratePerMinute: 1 });
    const [gone, stays] = (await shop.buyers(running.url, 2)) as [Client, Client];
    const { queueId } = (await join(gone, eventId)).body;
    await join(stays, eventId);
    await query(
      running.world,
      `UPDATE waiting_room_places SET lease_until = now() - interval '1 second'
        WHERE queue_id = $1`,
      [queueId],
    );
    await running.app.get(Admissions).giveUpSilent();
    expect((await statusOf(gone, eventId)).body).toMatchObject({ status: 'abandoned', queueId });
    expect((await join(gone, eventId)).body.queueId).not.toBe(queueId);
    expect(await desk.admit(eventId)).toBe(1);
    expect((await statusOf(stays, eventId)).body.status).toBe('admitted');
  });
});
