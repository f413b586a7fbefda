import { setTimeout as sleep } from 'node:timers/promises';
import type { AnvilRpc } from './anvil-rpc.js';
import type { FaultDice } from './faults.js';

const GWEI = 1_000_000_000n;

/**
 * The next block may have a transaction, and is final with two more on top. After a restart the state
 * of the final block is there only once so many blocks were made.
 */
const DUE = 3;

/** Until a chain that does not answer is asked again. */
const AWAY_MS = 200;

/** Makes blocks while transactions wait or are not final yet; a chain with nothing to do stands still. */
export class BlockMaker {
  private due = 0;
  private busy: Promise<void> = Promise.resolve();
  private ended: Promise<void> = Promise.resolve();
  private isRunning = false;
  private closed = false;

  constructor(
    private readonly rpc: AnvilRpc,
    private readonly dice: FaultDice,
    private readonly blockMs: number,
  ) {
    this.wake();
  }

  /** There may be something to do. */
  wake(): void {
    if (this.closed) return;
    this.due = DUE;
    if (!this.isRunning) this.ended = this.work();
  }

  /** Makes blocks at once, also while they are held. */
  async make(count: number): Promise<void> {
    for (let made = 0; made < count; made++) await this.alone(() => this.block());
  }

  /**
   * Replaces the last blocks, of which at most two are not final yet, by empty ones. Their
   * transactions are gone; who still wants them sends them again.
   */
  async reorganize(depth: number): Promise<void> {
    await this.alone(async () => {
      await this.rpc('anvil_reorg', depth, []);
    });
    this.wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.ended;
  }

  private async work(): Promise<void> {
    this.isRunning = true;
    while (!this.closed && !this.dice.current.holdsBlocks) {
      if (await this.isWaiting()) this.due = DUE;
      // From here to the end nobody can wake us unheard.
      if (this.due === 0) break;
      await this.make(1).catch(() => sleep(AWAY_MS));
      this.due -= 1;
      await sleep(this.blockMs);
    }
    this.isRunning = false;
  }

  /** Of a chain that does not answer we cannot know that nothing waits. */
  private async isWaiting(): Promise<boolean> {
    try {
      const { pending } = (await this.rpc('txpool_status')) as { pending: string };
      return BigInt(pending) > 0n;
    } catch {
      return true;
    }
  }

  private async block(): Promise<void> {
    const baseFee = GWEI * BigInt(this.dice.current.baseFeeGwei);
    await this.rpc('anvil_setNextBlockBaseFeePerGas', `0x${baseFee.toString(16)}`);
    await this.rpc('evm_mine');
  }

  private alone(act: () => Promise<void>): Promise<void> {
    const done = this.busy.then(act);
    this.busy = done.catch(() => undefined);
    return done;
  }
}
