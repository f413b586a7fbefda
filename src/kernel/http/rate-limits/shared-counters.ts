import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { CONFIG, type Config } from '../../config/index.js';
import { Counters, COUNTING, OwnCounters, type Tally } from './counters.js';

const ANSWER_MS = 200;
const REST_MS = 2_000;
const SAID_EVERY_MS = 60_000;

/** Nothing waits for a connection, and for an answer not long. */
const OPTIONS: RedisOptions = {
  enableOfflineQueue: false,
  enableReadyCheck: false,
  maxRetriesPerRequest: 0,
  commandTimeout: ANSWER_MS,
  connectTimeout: 2_000,
  retryStrategy: (attempt) => Math.min(attempt * 100, REST_MS),
};

/**
 * Counts for all processes, in Redis. Each process counts for itself as well, and the higher count
 * holds: a Redis that is away, emptied or slow lets nobody start again from nothing. One that fails
 * or takes longer than 200 ms is left alone for two seconds, so that few requests wait for it.
 */
@Injectable()
export class SharedCounters extends Counters implements OnApplicationShutdown {
  private readonly log = new Logger('RateLimits');
  private readonly own = new OwnCounters();
  private readonly redis: Redis;
  private readonly shared: RateLimiterRedis;
  private restsUntil = 0;
  private complainedAt = -SAID_EVERY_MS;

  constructor(@Inject(CONFIG) { redis }: Pick<Config, 'redis'>) {
    super();
    if (!redis) throw new Error('shared counters need Redis');
    this.redis = new Redis(redis.url, OPTIONS);
    this.redis.on('error', (error: Error) => {
      this.complain(error);
    });
    this.shared = new RateLimiterRedis({
      ...COUNTING,
      storeClient: this.redis,
      keyPrefix: 'tickettoken:rate',
      rejectIfRedisNotReady: true,
    });
  }

  override async add(key: string): Promise<Tally> {
    const own = this.own.add(key);
    if (this.redis.status !== 'ready' || performance.now() < this.restsUntil) return own;
    try {
      return higher(await own, await this.ofAll(key));
    } catch (error) {
      this.restsUntil = performance.now() + REST_MS;
      this.complain(error as Error);
      return own;
    }
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }

  private async ofAll(key: string): Promise<Tally> {
    const { consumedPoints, msBeforeNext } = await this.shared.consume(key);
    return { count: consumedPoints, msLeft: msBeforeNext };
  }

  private complain({ message }: Error): void {
    const now = performance.now();
    if (now - this.complainedAt < SAID_EVERY_MS) return;
    this.complainedAt = now;
    // Its text alone: the error of a refused login carries the command with the password.
    this.log.warn(`Rate limits are counted per process, Redis gives no answer: ${message}`);
  }
}

function higher(own: Tally, ofAll: Tally): Tally {
  return own.count > ofAll.count ? own : ofAll;
}
