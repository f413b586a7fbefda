import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../../../src/sandbox/stripe/faults/random.js';

/** Who does something to a payment: the buyer at the bank, the buyer here, the provider, ourselves. */
export type Actor =
  'bank' | 'confirm' | 'webhook' | 'old webhook' | 'janitor' | 'read' | 'old news';

/**
 * How it stands, and what the buyer makes of it: completes or fails 3-D Secure; the charge is in
 * processing, or unknown; it comes late, when we had given it up; or too late, the seat being sold.
 */
const SCENARIOS = ['completed', 'failed', 'processing', 'unknown', 'late', 'too late'] as const;
export type Scenario = (typeof SCENARIOS)[number];

const OTHERS: readonly Actor[] = [
  'confirm',
  'webhook',
  'old webhook',
  'janitor',
  'read',
  'old news',
];

/** Everybody starts in this order, and waits a while of their own before they act. */
export interface Schedule {
  readonly scenario: Scenario;
  readonly steps: readonly { readonly actor: Actor; readonly wait: number }[];
}

/** Turns of the event loop, then milliseconds. */
const TURNS = 4;
const WAITS = 12;

/** Waits nothing, some turns of the event loop, or some milliseconds. */
export async function pause(wait: number): Promise<void> {
  if (wait > TURNS) return sleep(wait - TURNS);
  for (let i = 0; i < wait; i++) await turn();
}

/** That many schedules, each another one; the same for the same seed. */
export function schedules(seed: number, count: number): Schedule[] {
  const random = new SeededRandom(seed);
  const found = new Map<string, Schedule>();
  while (found.size < count) {
    const schedule = draw(random);
    found.set(JSON.stringify(schedule), schedule);
  }
  return [...found.values()];
}

function draw(random: SeededRandom): Schedule {
  const actors = Array.from({ length: 2 + random.below(3) }, () => pick(OTHERS, random));
  actors.splice(random.below(actors.length + 1), 0, 'bank');
  const steps = actors.map((actor) => ({ actor, wait: random.below(WAITS) }));
  return { scenario: pick(SCENARIOS, random), steps };
}

function pick<T>(items: readonly T[], random: SeededRandom): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Where a payment must be in the end, whatever the order was. */
export interface End {
  readonly statuses: readonly string[];
  readonly tickets: 'sold' | 'released' | 'refunded';
  /** Charges at the provider, purchase journals, `payment.completed` events. */
  readonly charges: number;
  readonly journals: number;
  readonly told: number;
  /** Refunds at the provider. */
  readonly refunds: number;
}

export function endOf({ scenario }: Schedule): End {
  const sold = { charges: 1, journals: 1, told: 1, refunds: 0 };
  switch (scenario) {
    case 'failed':
      return {
        // It is called off at the provider as well: who looks after that still sees the decline.
        statuses: ['PAYMENT_FAILED'],
        tickets: 'released',
        charges: 0,
        journals: 0,
        told: 0,
        refunds: 0,
      };
    case 'too late':
      return {
        statuses: ['REFUNDED'],
        tickets: 'released',
        charges: 1,
        journals: 0,
        told: 0,
        refunds: 1,
      };
    case 'completed':
    case 'processing':
    case 'unknown':
    case 'late':
      return { statuses: ['PAID'], tickets: 'sold', ...sold };
  }
}
