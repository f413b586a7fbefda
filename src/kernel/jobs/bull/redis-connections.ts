import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';

export type ConnectionKind = 'client' | 'subscriber' | 'bclient';

const CONNECT_MS = 2_000;
const LONGEST_PAUSE_MS = 2_000;
const SAID_EVERY_MS = 60_000;

/** A command waits for the connection to come back: Bull's workers do not survive an error. */
const OPTIONS: RedisOptions = {
  maxRetriesPerRequest: null,
  enableReadyCheck: false,
  connectTimeout: CONNECT_MS,
  keepAlive: 10_000,
  retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_PAUSE_MS),
};

/**
 * The connections of a process to Redis: one for commands and one for events, which all queues
 * share, and one for each queue to wait on. They come back by themselves; an outage is logged once
 * a minute, without the address, which holds the password.
 */
export class RedisConnections {
  private readonly log = new Logger('Redis');
  private readonly open: Redis[] = [];
  private events: Redis | undefined;
  private complainedAt = -SAID_EVERY_MS;
  readonly commands: Redis;

  constructor(private readonly url: string) {
    this.commands = this.connect();
  }

  /** Is there a connection at this moment? It may be a dead one: bound whatever you wait for. */
  get isUp(): boolean {
    return this.commands.status === 'ready';
  }

  /** The connection that a queue of Bull is to use. */
  for(kind: ConnectionKind): Redis {
    if (kind === 'client') return this.commands;
    if (kind === 'bclient') return this.connect();
    this.events ??= this.connect();
    return this.events;
  }

  /** Logs trouble, at most once a minute. */
  complain(error: Error): void {
    const now = performance.now();
    if (now - this.complainedAt < SAID_EVERY_MS) return;
    this.complainedAt = now;
    // Its text alone: the error of a refused login carries the command with the password.
    this.log.warn(`Redis is in trouble, workers poll meanwhile: ${error.message}`);
  }

  /** Whatever still waits for an answer is rejected. */
  close(): void {
    for (const connection of this.open) connection.disconnect();
  }

  private connect(): Redis {
    const connection = new Redis(this.url, OPTIONS);
    // Every queue listens for itself on what they share.
    connection.setMaxListeners(0);
    connection.on('error', (error: Error) => {
      this.complain(error);
    });
    this.open.push(connection);
    return connection;
  }
}
