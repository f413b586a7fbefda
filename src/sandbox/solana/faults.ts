import { z } from 'zod';
import { SeededRandom } from '../stripe/faults/random.js';

const MILLION = 1_000_000;

const ppm = z.number().int().min(0).max(MILLION).default(0);

/**
 * What goes wrong from now on, rates in parts per million. The same seed and the same order of
 * requests give the same faults.
 */
export const solanaFaults = z.strictObject({
  seed: z.number().int().min(0).max(0xffff_ffff).default(1),
  /** Nothing is known of a signature that is asked for, though it is in a block. */
  dropReceiptsPpm: ppm,
  /** Transactions are answered as taken, and forgotten. */
  loseSendsPpm: ppm,
  /** Transactions are taken, but the answer is 502. */
  cutSendsPpm: ppm,
  /** Requests are answered 503 and have no effect. */
  refusePpm: ppm,
  /** So long a transaction waits before it gets into a block. */
  delayMs: z.number().int().min(0).max(3_600_000).default(0),
  /** Every request is answered 503. */
  isAway: z.boolean().default(false),
});
export type SolanaFaultPlan = z.input<typeof solanaFaults>;
export type SolanaFaults = z.output<typeof solanaFaults>;

/** What becomes of a transaction on its way. */
export type SendFate = 'cut' | 'lost' | 'through';

/** Decides per request, from the plan and its own seeded numbers, what goes wrong. */
export class FaultDice {
  /** What was known of a signature and not told, under whatever plan. */
  droppedReceipts = 0;
  private plan: SolanaFaults = solanaFaults.parse({});
  private random = new SeededRandom(this.plan.seed);
  /** Drawn apart: how often somebody asks must not change what becomes of a transaction. */
  private sendRandom = new SeededRandom(~this.plan.seed);

  /** Replaces the plan, and starts its random numbers anew. */
  set(plan: SolanaFaultPlan): void {
    this.plan = solanaFaults.parse(plan);
    this.random = new SeededRandom(this.plan.seed);
    this.sendRandom = new SeededRandom(~this.plan.seed);
  }

  get current(): SolanaFaults {
    return this.plan;
  }

  refuses(): boolean {
    return this.plan.isAway || this.draws(this.plan.refusePpm);
  }

  dropsReceipt(): boolean {
    const drops = this.draws(this.plan.dropReceiptsPpm);
    if (drops) this.droppedReceipts += 1;
    return drops;
  }

  sendFate(): SendFate {
    const { loseSendsPpm, cutSendsPpm } = this.plan;
    const drawn = this.sendRandom.below(MILLION);
    if (drawn < loseSendsPpm) return 'lost';
    return drawn - loseSendsPpm < cutSendsPpm ? 'cut' : 'through';
  }

  private draws(likelihood: number): boolean {
    return likelihood > 0 && this.random.below(MILLION) < likelihood;
  }
}
