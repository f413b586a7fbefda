import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Uuid } from '../../ids.js';
import { Database } from '../../postgres/database.js';
import { sql } from '../../postgres/sql.js';

/** Requests a minute by the name of the limit: `address`, `user`, or that of an endpoint. */
export type Figures = ReadonlyMap<string, number>;

const FRESH_MS = 10_000;
const NONE: Figures = new Map();

/**
 * The figures that tenants have of their own, at most ten seconds old where requests come. No
 * request waits for them: they are few, and all are read at once behind the first that finds them
 * old. While the database is away the last ones hold.
 */
@Injectable()
export class TenantFigures implements OnApplicationBootstrap {
  private readonly log = new Logger('RateLimits');
  private figures: ReadonlyMap<Uuid, Figures> = new Map();
  private readAt = -FRESH_MS;
  private turn = 0;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    void this.refresh();
  }

  of(tenantId: Uuid): Figures {
    if (performance.now() - this.readAt > FRESH_MS) void this.refresh();
    return this.figures.get(tenantId) ?? NONE;
  }

  /** Reads them now, as after a change. */
  async refresh(): Promise<void> {
    const turn = ++this.turn;
    this.readAt = performance.now();
    try {
      const [found] = await this.database.asWorker([
        sql`SELECT tenant_id, name, per_minute FROM rate_limits`,
      ]);
      // What began earlier and comes later would undo what is newer.
      if (turn === this.turn) this.figures = byTenant((found?.rows ?? []) as FigureRow[]);
    } catch (error) {
      this.log.debug({ msg: 'the figures of tenants could not be read', err: error });
    }
  }
}

interface FigureRow {
  readonly tenant_id: Uuid;
  readonly name: string;
  readonly per_minute: number;
}

function byTenant(rows: readonly FigureRow[]): ReadonlyMap<Uuid, Figures> {
  const all = new Map<Uuid, Map<string, number>>();
  for (const { tenant_id: tenantId, name, per_minute: perMinute } of rows) {
    const own = all.get(tenantId) ?? new Map<string, number>();
    all.set(tenantId, own.set(name, perMinute));
  }
  return all;
}
