import { createHash } from 'node:crypto';
import { newId } from '../../src/kernel/ids.js';
import { drawnOrder } from '../../src/waiting-room/domain/draw.js';
import { leafHash, rootOf } from '../../src/waiting-room/domain/merkle.js';
import { Joins } from '../../src/waiting-room/infra/joins.js';
import type { RunningApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import type { Shop } from '../support/shop.js';
import {
  adminPath,
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

interface DrawnPlace {
  readonly rank: number;
  readonly queueId: string;
}

interface DrawPage {
  readonly places: readonly DrawnPlace[];
  readonly next: number | null;
}

async function page(client: Client, eventId: string, query = ''): Promise<DrawPage> {
  const { status, body } = await client.get(pathOf(eventId, `/draw${query}`));
  expect(status).toBe(200);
  return body as unknown as DrawPage;
}

async function wholeDraw(client: Client, eventId: string): Promise<DrawnPlace[][]> {
  const pages: DrawnPlace[][] = [];
  for (let after: number | null = 0; after !== null;) {
    const { places, next }: DrawPage = await page(client, eventId, `?after=${after}`);
    pages.push([...places]);
    after = next;
  }
  return pages;
}

describe('a room', () => {
  it('shows what is promised about the draw to somebody who has no place in it', async () => {
    const eventId = await desk.room();
    const onlooker = await shop.buyer(running.url);
    const before = await onlooker.get(pathOf(eventId, ''));
    expect(before.status).toBe(200);
    expect(before.body).toEqual({
      eventId,
      room: 'scheduled',
      opensAt: '2031-06-01T15:00:00.000Z',
      openedAt: null,
      seedCommitment: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      seed: null,
      drawSize: null,
      drawRoot: null,
    });
    expect((await statusOf(onlooker, eventId)).status).toBe(404);

    await join(await shop.buyer(running.url), eventId);
    const opened = (await admin.post(adminPath(eventId, '/open'), {})).body;
    const { body: after } = await onlooker.get(pathOf(eventId, ''));
    expect(after).toMatchObject({ room: 'open', drawSize: 1, drawRoot: opened.drawRoot });
    const seed = Buffer.from(String(after.seed), 'hex');
    expect(createHash('sha256').update(seed).digest('hex')).toBe(before.body.seedCommitment);
  });

  it('that does not exist shows nothing', async () => {
    const onlooker = await shop.buyer(running.url);
    expect((await onlooker.get(pathOf(newId(), ''))).status).toBe(404);
    expect((await onlooker.get(pathOf(newId(), '/draw'))).status).toBe(404);
    const stranger = await shop.as(running.url, 'stranger');
    const eventId = await desk.openRoom();
    expect((await stranger.get(pathOf(eventId, ''))).status).toBe(404);
    expect((await stranger.get(pathOf(eventId, '/draw'))).status).toBe(404);
  });
});

describe('the whole draw', () => {
  it('can be done again by anybody from what is shown, page by page', async () => {
    const eventId = await desk.room();
    const onlooker = await shop.buyer(running.url);
    const { tenantId } = running.world.cast;
    const people = Array.from({ length: 1_030 }, () => newId());
    const joins = running.app.get(Joins);
    await Promise.all(people.map((userId) => joins.join({ tenantId, eventId }, userId)));
    const own = (await join(onlooker, eventId)).body.queueId;
    expect(await page(onlooker, eventId)).toMatchObject({ places: [], next: null });
    await admin.post(adminPath(eventId, '/open'), {});

    const pages = await wholeDraw(onlooker, eventId);
    expect(pages.map(({ length }) => length)).toEqual([1_024, 7]);
    const drawn = pages.flat();
    expect(drawn.map(({ rank }) => rank)).toEqual(drawn.map((_, index) => index + 1));
    const ids = drawn.map(({ queueId }) => queueId);
    expect(ids).toContain(own);
    const { body: room } = await onlooker.get(pathOf(eventId, ''));
    expect(drawnOrder(Buffer.from(String(room.seed), 'hex'), ids.toSorted())).toEqual(ids);
    expect(rootOf(ids.map(leafHash)).toString('hex')).toBe(room.drawRoot);
    expect(await page(onlooker, eventId, '?after=1031')).toMatchObject({ places: [], next: null });
  });

  it('is asked for behind a rank, nothing else', async () => {
    const eventId = await desk.openRoom();
    for (const after of ['-1', '1.5', 'x', '', '1e3', '99999999999']) {
      const { status, body } = await admin.get(pathOf(eventId, `/draw?after=${after}`));
      expect([after, status, body.code]).toEqual([after, 422, 'VALIDATION_ERROR']);
    }
  });
});

describe('who comes too late for the draw', () => {
  it('is told the how-manyth they are of those in this room', async () => {
    for (const eventId of [await desk.room(), await desk.room()]) {
      const early = await shop.buyer(running.url);
      await join(early, eventId);
      await admin.post(adminPath(eventId, '/open'), {});
      const late = await shop.buyers(running.url, 2);
      for (const buyer of late) await join(buyer, eventId);
      const proofs = await Promise.all(
        [early, ...late].map((buyer) => buyer.get(pathOf(eventId, '/proof'))),
      );
      expect(proofs.map(({ body }) => [body.isEarly, body.arrivalRank])).toEqual([
        [true, null],
        [false, 1],
        [false, 2],
      ]);
      expect(proofs[1]?.body.drawn).toBeNull();
    }
  });

  it('has no position before the others are drawn', async () => {
    const eventId = await desk.room();
    const [early, late] = (await shop.buyers(running.url, 2)) as [Client, Client];
    await join(early, eventId);
    await put(admin, adminPath(eventId), { ...TERMS, opensAt: '2020-01-01T00:00:00Z' });
    expect((await join(late, eventId)).body).toMatchObject({
      room: 'scheduled',
      position: null,
      eta: null,
    });
    await admin.post(adminPath(eventId, '/open'), {});
    expect((await statusOf(early, eventId)).body.position).toBe(1);
    expect((await statusOf(late, eventId)).body.position).toBe(2);
  });
});
