import type { Difference } from './difference.js';
import { UNDOES } from './movements.js';
import type { Unpaired } from './unpaired.js';

/**
 * How long the provider may take to list what we know already: a charge's balance transaction can
 * be late (docs.stripe.com/api/charges/object, `balance_transaction` is null at first).
 */
export const TRANSIT_SECONDS = 15 * 60;

/**
 * Names every side that stands alone. The cents of the answer sum to the provider's less the
 * ledger's of what was given.
 */
export function explain(unpaired: readonly Unpaired[], now: Date): Difference[] {
  const differences: Difference[] = [];
  for (const group of groupsOf(unpaired).values()) {
    const { lines, entries } = withoutUndone(group);
    for (const entry of entries) {
      const index = lines.findIndex((line) => line.movement === entry.movement);
      const [line] = index < 0 ? [] : lines.splice(index, 1);
      differences.push(line ? amountDiffers(line, entry) : missing(entry, now));
    }
    differences.push(...lines.map(notBooked));
  }
  return differences;
}

interface Sides {
  readonly lines: Unpaired[];
  readonly entries: Unpaired[];
}

/** By payment and currency; a line that nobody claims stands for itself. */
function groupsOf(unpaired: readonly Unpaired[]): Map<string, Sides> {
  const groups = new Map<string, Sides>();
  for (const one of unpaired) {
    const key = `${one.paymentId ?? one.id} ${one.currency}`;
    const group = groups.get(key) ?? { lines: [], entries: [] };
    (one.side === 'provider' ? group.lines : group.entries).push(one);
    groups.set(key, group);
  }
  return groups;
}

/** Without the provider's lines that undo each other and that the books never heard of. */
function withoutUndone({ lines, entries }: Sides): Sides {
  const left = [...lines];
  for (const [done, undone] of UNDOES) {
    for (const back of lines.filter(({ movement }) => movement === undone)) {
      const there = left.findIndex(
        ({ movement, cents, paymentId }) =>
          movement === done && cents === -back.cents && paymentId !== null,
      );
      if (there < 0) continue;
      left.splice(there, 1);
      left.splice(left.indexOf(back), 1);
    }
  }
  return { lines: left, entries };
}

function notBooked(line: Unpaired): Difference {
  const owned = line.paymentId !== null;
  const unclaimed = line.movement === 'charge' ? 'charge_without_payment' : UNCLAIMED;
  return {
    ...about(line),
    cause: owned ? 'not_booked' : unclaimed,
    cents: line.cents,
    atRiskCents: magnitude(line.cents),
    fix: owned && isMended(line) ? 'review' : null,
  };
}

const UNCLAIMED = 'movement_without_payment';

/** Can the provider's own record mend the books? A charge only while its payment is open. */
function isMended({ movement, paymentOpen }: Unpaired): boolean {
  if (movement === 'other') return false;
  return movement !== 'charge' || paymentOpen;
}

function missing(entry: Unpaired, now: Date): Difference {
  const young = now.getTime() - entry.at.getTime() < TRANSIT_SECONDS * 1000;
  return {
    ...about(entry),
    cause: young ? 'in_transit' : 'missing_at_provider',
    cents: -entry.cents,
    atRiskCents: magnitude(entry.cents),
    fix: young ? 'wait' : null,
  };
}

function amountDiffers(line: Unpaired, entry: Unpaired): Difference {
  const cents = line.cents - entry.cents;
  return {
    ...about(line),
    cause: 'amount_differs',
    cents,
    atRiskCents: magnitude(cents),
    fix: null,
    details: {
      ...about(line).details,
      journalId: entry.id,
      providerCents: Number(line.cents),
      ledgerCents: Number(entry.cents),
    },
  };
}

function about(one: Unpaired) {
  const { movement, paymentId, currency, at, kind, source, reference } = one;
  return {
    movement,
    subjectType: one.side === 'provider' ? 'provider_line' : 'journal',
    subjectId: one.id,
    paymentId,
    currency,
    occurredAt: at,
    details: { kind, source, reference },
  };
}

function magnitude(cents: bigint): bigint {
  return cents < 0n ? -cents : cents;
}
