import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const WINDOW_SECONDS = 60;

/** For the library nothing is too much: what is depends on the tenant, and may change meanwhile. */
export const COUNTING = { points: Number.MAX_SAFE_INTEGER, duration: WINDOW_SECONDS } as const;

/** How often a key was counted in the minute under way, and the milliseconds that are left of it. */
export interface Tally {
  readonly count: number;
  readonly msLeft: number;
}

/** Counts keys; the minute of a key begins when it is first counted. Never throws. */
export abstract class Counters {
  abstract add(key: string): Promise<Tally>;
}

/** Counts for this process alone. */
@Injectable()
export class OwnCounters extends Counters {
  private readonly memory = new RateLimiterMemory(COUNTING);

  override async add(key: string): Promise<Tally> {
    const { consumedPoints, msBeforeNext } = await this.memory.consume(key);
    return { count: consumedPoints, msLeft: msBeforeNext };
  }
}
