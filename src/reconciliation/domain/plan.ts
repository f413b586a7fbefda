import { derivedId, type Uuid } from '../../kernel/ids.js';
import { type Difference, identityOf, overdue } from './difference.js';
import { type Balance, balancesOf, type Figures, sumByCurrency, type Sums } from './run.js';

/** A difference that was open before this run. */
export interface OpenDifference {
  readonly id: Uuid;
  readonly identity: string;
  readonly cause: string;
}

/** A difference as this run sees it, under the id it has had or gets now. */
export interface SeenDifference extends Difference {
  readonly id: Uuid;
}

/** What a run makes of what it found. */
export interface Plan {
  readonly seen: readonly SeenDifference[];
  /** Open before, and not met any more. */
  readonly gone: readonly OpenDifference[];
  readonly figures: Figures;
}

export interface Found {
  readonly runId: Uuid;
  readonly differences: readonly Difference[];
  readonly open: readonly OpenDifference[];
  readonly sums: Pick<Sums, 'provider' | 'ledger'>;
  readonly now: Date;
}

/**
 * What was found against what was open. A difference that is met again keeps its id; one that came
 * back after it was gone is another one. Whatever the named differences leave unexplained of
 * "provider less ledger" is a difference of its own.
 */
export function planOf({ runId, differences, open, sums, now }: Found): Plan {
  const balances = balancesOf({ ...sums, explained: explainedBy(differences) });
  const residuals = balances.flatMap((balance) => unexplained(balance, now));
  const known = new Map(open.map((one) => [one.identity, one]));
  const seen = [...differences, ...residuals].map((difference) => {
    const identity = identityOf(difference);
    const id = known.get(identity)?.id ?? derivedId(runId, identity);
    return { ...overdue(difference, now), id };
  });
  const ids = new Set(seen.map(({ id }) => id));
  const gone = open.filter(({ id }) => !ids.has(id));
  const old = new Set(open.map(({ id }) => id));
  const figures = {
    opened: seen.filter(({ id }) => !old.has(id)).length,
    resolved: gone.length,
    open: seen.length,
    balances,
  };
  return { seen, gone, figures };
}

function explainedBy(differences: readonly Difference[]): Map<string, bigint> {
  return sumByCurrency(
    differences.flatMap(({ cents, currency }) => (currency === null ? [] : [{ cents, currency }])),
  );
}

function unexplained(balance: Balance, now: Date): Difference[] {
  const { currency, differenceCents, explainedCents } = balance;
  const cents = BigInt(differenceCents) - BigInt(explainedCents);
  if (cents === 0n) return [];
  return [
    {
      cause: 'unexplained',
      movement: 'none',
      subjectType: 'balance',
      subjectId: currency,
      paymentId: null,
      cents,
      atRiskCents: cents < 0n ? -cents : cents,
      currency,
      fix: null,
      occurredAt: now,
      details: { differenceCents, explainedCents },
    },
  ];
}
