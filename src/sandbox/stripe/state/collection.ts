/** What every record has: its id, and the second it was made in. */
export interface Identified {
  id: string;
  created: number;
}

/**
 * Records of one kind in the order they were made. `put` inserts or marks as changed; the journal
 * takes what changed with `drain`.
 */
export class Collection<R extends Identified> {
  private readonly byId = new Map<string, R>();
  private order: R[] = [];
  /** Absent until somebody follows: what nobody takes would only grow. */
  private changed: Set<R> | undefined;

  get size(): number {
    return this.byId.size;
  }

  get(id: string): R | undefined {
    return this.byId.get(id);
  }

  put(record: R): void {
    const present = this.byId.get(record.id);
    if (present === undefined) this.order.push(record);
    else if (present !== record) this.order[this.order.lastIndexOf(present)] = record;
    this.byId.set(record.id, record);
    this.changed?.add(record);
  }

  all(): readonly R[] {
    return this.order;
  }

  /** Position in order of making, -1 when absent; the cursor of a list. */
  position(id: string): number {
    const record = this.byId.get(id);
    return record === undefined ? -1 : this.order.lastIndexOf(record);
  }

  /** Forgets the oldest `count` records. */
  dropOldest(count: number): void {
    for (const record of this.order.slice(0, count)) {
      this.byId.delete(record.id);
      this.changed?.delete(record);
    }
    this.order = this.order.slice(count);
  }

  /** What was put since the last call; the first call only begins to follow. */
  drain(): R[] {
    const records = [...(this.changed ?? [])];
    this.changed = new Set();
    return records;
  }
}
