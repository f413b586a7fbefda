import type { Faults } from '../faults/faults.js';
import type { World } from '../state/world.js';

/** Holds deliveries back until a window of them is full, and lets them go in the seed's order. */
export class Reordering<T> {
  private held: T[] = [];

  constructor(
    private readonly world: World,
    private readonly faults: Faults,
    private readonly release: (item: T) => void,
  ) {}

  get size(): number {
    return this.held.length;
  }

  pass(item: T): void {
    const { window, waitMs } = this.faults.reordering();
    this.held.push(item);
    if (this.held.length >= window) {
      this.flush();
      return;
    }
    if (this.held.length > 1) return;
    const batch = this.held;
    this.world.later(waitMs, () => {
      if (this.held === batch) this.flush();
    });
  }

  private flush(): void {
    const batch = this.held;
    this.held = [];
    this.faults.shuffle(batch).forEach((item) => {
      this.release(item);
    });
  }
}
