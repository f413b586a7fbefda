import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/index.js';
import { Database } from '../../kernel/postgres/database.js';
import type { RoomKey, RoomStatus } from '../domain/room.js';
import { accessOf, admitNext } from './access-rows.js';
import { Draws } from './draws.js';
import { admissionsTotal } from './gauges.js';
import { abandonPlaces, placeOf, stillWaitingReading } from './place-rows.js';
import { busyRoomsReading } from './room-rows.js';
import { WaitingQueue } from './waiting-queue.js';

const EVERY_MS = 1_000;
const SILENCE_EVERY_MS = 5_000;
const CHECK_EVERY_MS = 15_000;

/** How many silent ones a pass gives up, at most. */
const SILENT = 5_000;

interface BusyRoom extends RoomKey {
  readonly status: RoomStatus;
  readonly isDue: boolean;
}

/**
 * Opens rooms at their time, gives up who fell silent and lets in who is next. Any number of processes
 * may be at it: whoever is admitted is decided under the lock of the room's row.
 */
@Injectable()
export class Admissions implements OnApplicationBootstrap {
  private readonly log = new Logger('WaitingRoom');

  constructor(
    private readonly database: Database,
    private readonly queue: WaitingQueue,
    private readonly draws: Draws,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic('waiting rooms', EVERY_MS, () => this.pass()));
    this.tasks.add(
      new Periodic('waiting room silence', SILENCE_EVERY_MS, () => this.giveUpSilent()),
    );
    this.tasks.add(new Periodic('waiting room check', CHECK_EVERY_MS, () => this.check()));
  }

  /** Opens, and lets in, in every room. One that fails does not keep the others waiting. */
  pass(): Promise<void> {
    return this.inEach((room) => this.tend(room));
  }

  /**
   * Gives up the places of which nothing is heard. Also looks into rooms that are not open: whoever
   * keeps the queue sees that somebody looks after it.
   */
  giveUpSilent(): Promise<void> {
    return this.inEach(async (room) => {
      // Who waits in a closed room waits for it to go on.
      if (room.status !== 'closed') await this.giveUp(room);
    });
  }

  /**
   * Gives up the places of one room of which nothing is heard. The queue may not know of everybody who
   * was heard of, so the rows decide, and the queue is told what they say.
   */
  async giveUp(room: RoomKey): Promise<void> {
    const silent = await this.queue.silent(room, SILENT);
    if (silent.length === 0) return;
    const queueIds = silent.map(({ queueId }) => queueId);
    const [, found] = await this.database.transact(room.tenantId, [
      abandonPlaces(room, queueIds),
      stillWaitingReading(room, queueIds),
    ]);
    const staying = new Map(
      (found?.rows ?? []).map(placeOf).map((place) => [place.queueId, place]),
    );
    await this.queue.remove(
      room,
      silent.filter(({ queueId }) => !staying.has(queueId)),
    );
    await this.queue.enter(room, [...staying.values()]);
  }

  /** Compares what is kept of open rooms with what is true. */
  check(): Promise<void> {
    return this.inEach((room) => this.queue.check(room));
  }

  /** Takes back what was abandoned, and lets in as many as may come in now; answers how many. */
  async admit(room: RoomKey): Promise<number> {
    const [found] = await this.database.transact(room.tenantId, [admitNext(room)]);
    const admitted = (found?.rows ?? []).map(accessOf);
    admissionsTotal.inc(admitted.length);
    await this.queue.remove(room, admitted);
    return admitted.length;
  }

  private async inEach(work: (room: BusyRoom) => Promise<unknown>): Promise<void> {
    const [found] = await this.database.asWorker([busyRoomsReading()]);
    for (const row of found?.rows ?? []) {
      const room = {
        tenantId: row.tenant_id as string,
        eventId: row.event_id as string,
        status: row.status as RoomStatus,
        isDue: row.is_due as boolean,
      };
      try {
        await work(room);
      } catch (error) {
        this.log.error(`the waiting room of ${room.eventId} is left for now: ${String(error)}`);
      }
    }
  }

  private async tend(room: BusyRoom): Promise<void> {
    if (room.status === 'scheduled' && room.isDue) await this.draws.openDue(room);
    if (room.status === 'drawing') await this.draws.finish(room);
    if (room.status === 'open' || room.status === 'closed') await this.admit(room);
  }
}
