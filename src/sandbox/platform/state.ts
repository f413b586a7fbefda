import { readIfPresent, writeAtomic } from '../atomic-file.js';
import type { Event, Order, User, Venue } from './shapes.js';

/** What one tenant has in the platform's other services. */
export interface TenantData {
  venues: Record<string, Venue>;
  events: Record<string, Event>;
  orders: Record<string, Order>;
  users: Record<string, User>;
}

/** Tenant id → its data. */
export type PlatformData = Record<string, TenantData>;

const WRITE_BEHIND_MS = 25;

/** The emulators' truth, kept in a file when one is named. */
export class PlatformState {
  private readonly data: PlatformData;
  private pending: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string | undefined,
    seed: () => PlatformData,
  ) {
    const kept = file === undefined ? undefined : readIfPresent(file);
    this.data = kept === undefined ? seed() : (JSON.parse(kept) as PlatformData);
    if (kept === undefined) this.write();
  }

  /** A tenant nobody has seen before has nothing yet. */
  of(tenantId: string): TenantData {
    return (this.data[tenantId] ??= { venues: {}, events: {}, orders: {}, users: {} });
  }

  /** To be called after every change; several changes make one write. */
  changed(): void {
    this.pending ??= setTimeout(() => {
      this.flush();
    }, WRITE_BEHIND_MS);
  }

  flush(): void {
    if (this.pending === undefined) return;
    clearTimeout(this.pending);
    this.pending = undefined;
    this.write();
  }

  private write(): void {
    if (this.file !== undefined) writeAtomic(this.file, JSON.stringify(this.data));
  }
}
