/** The steps of a run, in their order: each is where it stands when the step before has ended. */
export const STEPS = ['requested', 'imported', 'matched', 'settled', 'closed'] as const;
export type Step = (typeof STEPS)[number];

/** `incomplete`: something was away, and the step is tried again; `failed`: given up. */
export const RUN_STATUSES = ['running', 'incomplete', 'completed', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** One currency's equation: `differenceCents` is the provider's less the ledger's. */
export type Balance = Readonly<{
  currency: string;
  providerCents: number;
  ledgerCents: number;
  differenceCents: number;
  /** What the open differences explain of it; the rest is itself a difference. */
  explainedCents: number;
}>;

/** What a run did and found. */
export type Figures = Readonly<{
  linesImported?: number;
  paymentsRebuilt?: number;
  costsBooked?: number;
  paymentsReviewed?: number;
  stalesAsked?: number;
  outboxRetried?: number;
  itemsClosed?: number;
  opened?: number;
  resolved?: number;
  open?: number;
  balances?: readonly Balance[];
}>;

/** What an amount at each of the two sides, and of the differences between, comes to. */
export interface Sums {
  readonly provider: ReadonlyMap<string, bigint>;
  readonly ledger: ReadonlyMap<string, bigint>;
  readonly explained: ReadonlyMap<string, bigint>;
}

/** Provider less ledger, currency by currency, beside what explains it. */
export function balancesOf({ provider, ledger, explained }: Sums): Balance[] {
  const currencies = new Set([...provider.keys(), ...ledger.keys(), ...explained.keys()]);
  return [...currencies].sort().map((currency) => {
    const [there, here] = [provider.get(currency) ?? 0n, ledger.get(currency) ?? 0n];
    return {
      currency,
      providerCents: Number(there),
      ledgerCents: Number(here),
      differenceCents: Number(there - here),
      explainedCents: Number(explained.get(currency) ?? 0n),
    };
  });
}

/** Adds up by currency. */
export function sumByCurrency(
  parts: Iterable<{ readonly currency: string; readonly cents: bigint }>,
): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { currency, cents } of parts) {
    sums.set(currency, (sums.get(currency) ?? 0n) + cents);
  }
  return sums;
}
