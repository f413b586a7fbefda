import {
  DELIVERIES_AT_ONCE,
  faultPlan,
  type FaultName,
  type FaultPlan,
  type FaultRule,
  type WebhookFaults,
} from './plan.js';
import { SeededRandom } from './random.js';

const HOLD_MS = 60_000;
const MILLION = 1_000_000;

interface Armed {
  rule: FaultRule;
  path: RegExp | null;
  fired: number;
}

export interface FiredFault {
  name: FaultName;
  holdMs: number;
  retryAfterSeconds: number;
}

/** Decides per request, from the plan and its own seeded numbers, what goes wrong. */
export class Faults {
  private armed: Armed[] = [];
  private webhooks: WebhookFaults | undefined;
  private random: SeededRandom;
  /** Webhooks draw apart: how often they are retried depends on time, requests must not. */
  private webhookRandom: SeededRandom;

  constructor(private readonly seed: number) {
    this.random = new SeededRandom(seed);
    this.webhookRandom = new SeededRandom(~seed);
  }

  /** Replaces the plan, and starts its random numbers anew. */
  set(plan: FaultPlan): void {
    const { rules, seed = this.seed, webhooks } = faultPlan.parse(plan);
    this.armed = rules.map((rule) => ({
      rule,
      path: rule.match?.path === undefined ? null : new RegExp(rule.match.path),
      fired: 0,
    }));
    this.webhooks = webhooks;
    this.random = new SeededRandom(seed);
    this.webhookRandom = new SeededRandom(~seed);
  }

  draw(method: string, path: string): FiredFault | null {
    for (const each of this.armed) {
      const { rule } = each;
      if (rule.times !== undefined && each.fired >= rule.times) continue;
      if (rule.match?.method !== undefined && rule.match.method !== method) continue;
      if (each.path !== null && !each.path.test(path)) continue;
      if (rule.ratePpm !== undefined && this.random.below(MILLION) >= rule.ratePpm) continue;
      each.fired += 1;
      const { fault: name, holdMs = HOLD_MS, retryAfterSeconds = 1 } = rule;
      return { name, holdMs, retryAfterSeconds };
    }
    return null;
  }

  /** Whether the news is also told once more under an event id of its own. */
  drawCopy(): boolean {
    const copyPpm = this.webhooks?.copyPpm ?? 0;
    return copyPpm > 0 && this.webhookRandom.below(MILLION) < copyPpm;
  }

  /** How many deliveries are shuffled together, and how long they wait for each other. */
  reordering(): { window: number; waitMs: number } {
    const { reorderWindow: window = 1, reorderMs: waitMs = 0 } = this.webhooks ?? {};
    return { window, waitMs };
  }

  /** How many deliveries are under way at once. */
  deliveriesAtOnce(): number {
    const inOrder = this.reordering().window > 1;
    return this.webhooks?.atOnce ?? (inOrder ? 1 : DELIVERIES_AT_ONCE);
  }

  /** The same items in an order that the seed alone decides. */
  shuffle<T>(items: readonly T[]): T[] {
    return items.reduce<T[]>((shuffled, item, i) => {
      shuffled.splice(this.webhookRandom.below(i + 1), 0, item);
      return shuffled;
    }, []);
  }

  /** Delays in milliseconds, one per copy of an event that is to be delivered. */
  drawDeliveries(): number[] {
    if (this.webhooks === undefined) return [0];
    const { duplicatePpm, delayPpm, delayMs } = this.webhooks;
    const copies = this.webhookRandom.below(MILLION) < duplicatePpm ? 2 : 1;
    return Array.from({ length: copies }, () =>
      this.webhookRandom.below(MILLION) < delayPpm ? delayMs : 0,
    );
  }

  /** The rules, and how often each has fired. */
  report(): (FaultRule & { fired: number })[] {
    return this.armed.map(({ rule, fired }) => ({ ...rule, fired }));
  }
}
