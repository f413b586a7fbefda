import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Resealing, Vault } from '../../kernel/crypto/index.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { drawnOrder } from '../domain/draw.js';
import { RUN } from '../domain/draw-proof.js';
import { leafHash, rootOf } from '../domain/merkle.js';
import type { RoomKey } from '../domain/room.js';
import { writeRun } from './drawn-runs.js';
import { drawnPlacesReading, orderPlaces } from './place-rows.js';
import { beginDraw, endDraw, holdRoom, roomReading, sealedSeed, seedContext } from './room-rows.js';
import { Rooms } from './rooms.js';
import { WaitingQueue } from './waiting-queue.js';

/**
 * Opens rooms: fixes who takes part, writes their order run by run, and shows the seed. Broken off, it
 * is done again and gives the same; done twice at once, as well.
 */
@Injectable()
export class Draws implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly resealing: Resealing,
    private readonly rooms: Rooms,
    private readonly queue: WaitingQueue,
  ) {}

  onModuleInit(): void {
    this.resealing.add({
      table: 'waiting_rooms',
      row: ['event_id'],
      keyId: 'seed_key_id',
      ciphertext: 'seed_ciphertext',
      context: ({ tenant_id: tenantId, event_id }) =>
        seedContext({ tenantId, eventId: event_id as Uuid }),
    });
  }

  /** Opens a room whose time has come. */
  async openDue(room: RoomKey): Promise<void> {
    await this.database.transact(room.tenantId, [holdRoom(room), beginDraw(room, true)]);
    await this.finish(room);
  }

  /** Draws a room of which it is fixed who takes part; does nothing with any other. */
  async finish(room: RoomKey): Promise<void> {
    const [found] = await this.database.read(room.tenantId, [roomReading(room)]);
    const [row] = found?.rows ?? [];
    if (row?.status !== 'drawing') return;
    const seed = Buffer.from(this.vault.decrypt(sealedSeed(row), seedContext(room)), 'hex');
    const order = drawnOrder(seed, await this.takingPart(room));
    const roots: Buffer[] = [];
    for (let from = 0; from < order.length; from += RUN) {
      const run = order.slice(from, from + RUN);
      const root = rootOf(run.map(leafHash));
      await this.database.transact(room.tenantId, [
        orderPlaces(room, run, from + 1),
        writeRun(room, roots.length, root),
      ]);
      roots.push(root);
    }
    // First the queue: broken off before the end, a draw is done again, and this with it.
    await this.queue.reread(room);
    const drawn = { seed, size: order.length, root: rootOf(roots) };
    await this.database.transact(room.tenantId, [endDraw(room, drawn)]);
    this.rooms.forget(room);
  }

  private async takingPart(room: RoomKey): Promise<Uuid[]> {
    const [found] = await this.database.read(room.tenantId, [drawnPlacesReading(room)]);
    return (found?.rows ?? []).map((row) => row.queue_id as Uuid);
  }
}
