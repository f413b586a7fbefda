import { processIdentity } from './process-table.js';

/** An application that uses the world. */
export interface Lease {
  readonly pid: number;
  /** Where it listens; absent until it does. */
  readonly baseUrl?: string;
}

interface HeldLease extends Lease {
  /** Tells a later process with the same pid apart. */
  readonly identity: string;
}

/** Who uses the world. Processes that ended without a word drop out. */
export class LeaseBook {
  private readonly held = new Map<number, HeldLease>();
  private emptySince: number;

  constructor(
    private readonly now: () => number,
    private readonly identify: (pid: number) => string | undefined = processIdentity,
  ) {
    this.emptySince = now();
  }

  /** Notes or renews a lease; false when no such process runs. */
  grant({ pid, baseUrl }: Lease): boolean {
    const identity = this.identify(pid);
    if (identity === undefined) return false;
    this.held.delete(pid);
    this.held.set(pid, { pid, identity, ...(baseUrl === undefined ? {} : { baseUrl }) });
    return true;
  }

  /** Ends a lease; true when it was the last living one. */
  release(pid: number): boolean {
    const known = this.held.delete(pid);
    const alive = this.living().length > 0;
    if (known && !alive) this.emptySince = this.now();
    return known && !alive;
  }

  /** The leases whose processes run, the newest last. */
  living(): Lease[] {
    const before = this.held.size;
    for (const { pid, identity } of this.held.values()) {
      if (this.identify(pid) !== identity) this.held.delete(pid);
    }
    if (before > 0 && this.held.size === 0) this.emptySince = this.now();
    return [...this.held.values()].map(({ pid, baseUrl }) =>
      baseUrl === undefined ? { pid } : { pid, baseUrl },
    );
  }

  /** How long nobody has used the world, in milliseconds. */
  idleMs(): number {
    return this.living().length > 0 ? 0 : this.now() - this.emptySince;
  }
}
