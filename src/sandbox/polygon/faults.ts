import { z } from 'zod';
import { SeededRandom } from '../stripe/faults/random.js';

const MILLION = 1_000_000;

const ppm = z.number().int().min(0).max(MILLION).default(0);

/**
 * What goes wrong from now on, rates in parts per million. The same seed and the same order of
 * requests give the same faults.
 */
export const polygonFaults = z.strictObject({
  seed: z.number().int().min(0).max(0xffff_ffff).default(1),
  /** Receipts that are there are not shown. */
  dropReceiptsPpm: ppm,
  /** Transactions are refused: a full pool. */
  rejectSendsPpm: ppm,
  /** Transactions are answered as taken, and forgotten. */
  loseSendsPpm: ppm,
  /** Transactions are taken, and the connection is cut before that is said. */
  cutSendsPpm: ppm,
  /** Requests that take `delayMs` longer. */
  delayPpm: ppm,
  delayMs: z.number().int().min(0).max(3_600_000).default(0),
  /** Every connection is cut. */
  isAway: z.boolean().default(false),
  /** Transactions wait in the pool, and no block is made. */
  holdsBlocks: z.boolean().default(false),
  /** What every block demands. */
  baseFeeGwei: z.number().int().min(1).max(100_000).default(30),
});
export type PolygonFaultPlan = z.input<typeof polygonFaults>;
export type PolygonFaults = z.output<typeof polygonFaults>;

/** What becomes of a request. */
export type Fate = 'through' | 'dropReceipt' | 'rejectSend' | 'loseSend' | 'cutSend';

/** Decides per request, from the plan and its own seeded numbers, what goes wrong. */
export class FaultDice {
  /** Receipts that were there and were not shown, under whatever plan. */
  droppedReceipts = 0;
  private plan: PolygonFaults = polygonFaults.parse({});
  private random = new SeededRandom(this.plan.seed);
  /** Drawn apart: how often somebody asks must not change what becomes of a transaction. */
  private sendRandom = new SeededRandom(~this.plan.seed);

  /** Replaces the plan, and starts its random numbers anew. */
  set(plan: PolygonFaultPlan): void {
    this.plan = polygonFaults.parse(plan);
    this.random = new SeededRandom(this.plan.seed);
    this.sendRandom = new SeededRandom(~this.plan.seed);
  }

  get current(): PolygonFaults {
    return this.plan;
  }

  fateOf(method: string): Fate {
    if (method === 'eth_sendRawTransaction') return this.sendFate();
    if (method !== 'eth_getTransactionReceipt') return 'through';
    return this.random.below(MILLION) < this.plan.dropReceiptsPpm ? 'dropReceipt' : 'through';
  }

  delayMs(): number {
    const { delayPpm, delayMs } = this.plan;
    return delayPpm > 0 && this.random.below(MILLION) < delayPpm ? delayMs : 0;
  }

  private sendFate(): Fate {
    const { rejectSendsPpm, loseSendsPpm, cutSendsPpm } = this.plan;
    let drawn = this.sendRandom.below(MILLION);
    if (drawn < rejectSendsPpm) return 'rejectSend';
    drawn -= rejectSendsPpm;
    if (drawn < loseSendsPpm) return 'loseSend';
    return drawn - loseSendsPpm < cutSendsPpm ? 'cutSend' : 'through';
  }
}
