import type { Uuid } from '../../kernel/ids.js';
import { type Label, wasFraud } from './label.js';
import type { Decision, Verdict } from './scoring/index.js';

/** A decision of the past beside the one that another rule set would have made. */
export interface Rejudged {
  readonly userId: Uuid;
  /** Decisions of one attempt are tries of one purchase. */
  readonly attemptId: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly labels: readonly Label[];
  readonly before: Pick<Verdict, 'decision' | 'reasons'>;
  readonly after: Pick<Verdict, 'decision' | 'reasons'>;
}

/** How well flags (any decision but `approve`) agree with what became of the purchases, where that is known. */
export interface Quality {
  /** Frauds that were flagged, honest purchases that were, and frauds that were not. */
  readonly caught: number;
  readonly wronged: number;
  readonly missed: number;
  /** caught / (caught + wronged), 0 to 1; null where nothing labelled was flagged. */
  readonly precision: number | null;
}

export interface Affected {
  readonly currency: string;
  /**
   * Cents of purchases that would be declined and were not, and the reverse: each attempt once, however
   * often it was tried.
   */
  readonly blockedCents: number;
  readonly letInCents: number;
}

export interface BacktestFigures {
  readonly examined: number;
  readonly changed: number;
  readonly changes: readonly { from: Decision; to: Decision; decisions: number }[];
  readonly buyersBlocked: number;
  readonly buyersLetIn: number;
  readonly affected: readonly Affected[];
  /** How many decisions each reason stands in. */
  readonly reasons: readonly { reason: string; before: number; after: number }[];
  readonly quality: { readonly before: Quality; readonly after: Quality };
}

type Side = 'before' | 'after';

/** The tries of one purchase: did any get through? */
interface Attempt extends Record<Side, boolean> {
  readonly userId: Uuid;
  readonly currency: string;
  /** Of the latest try. */
  amountCents: number;
}

/** Adds up what another rule set would have changed, decision by decision. */
export class BacktestTally {
  private examined = 0;
  private readonly changes = new Map<string, { from: Decision; to: Decision; decisions: number }>();
  private readonly attempts = new Map<string, Attempt>();
  private readonly reasons = new Map<string, Record<Side, number>>();
  private readonly flags = { before: noFlags(), after: noFlags() };

  add(decision: Rejudged): void {
    this.examined += 1;
    const { before, after } = decision;
    if (before.decision !== after.decision) this.addChange(before.decision, after.decision);
    this.addTry(decision);
    const fraud = wasFraud(decision.labels);
    for (const side of ['before', 'after'] as const) {
      for (const reason of decision[side].reasons) this.countsOf(reason)[side] += 1;
      const kind = flagKind(decision[side].decision !== 'approve', fraud);
      if (kind) this.flags[side][kind] += 1;
    }
  }

  figures(): BacktestFigures {
    const changes = [...this.changes.values()];
    return {
      examined: this.examined,
      changed: changes.reduce((sum, { decisions }) => sum + decisions, 0),
      changes: changes.sort((a, b) => b.decisions - a.decisions),
      ...affectedBy([...this.attempts.values()]),
      reasons: [...this.reasons]
        .map(([reason, counts]) => ({ reason, ...counts }))
        .sort((a, b) => (a.reason < b.reason ? -1 : 1)),
      quality: { before: qualityOf(this.flags.before), after: qualityOf(this.flags.after) },
    };
  }

  private addChange(from: Decision, to: Decision): void {
    const change = this.changes.get(`${from} ${to}`) ?? { from, to, decisions: 0 };
    change.decisions += 1;
    this.changes.set(`${from} ${to}`, change);
  }

  private addTry({ userId, attemptId, amountCents, currency, before, after }: Rejudged): void {
    const name = `${userId} ${attemptId} ${currency}`;
    const none = { userId, currency, amountCents, before: false, after: false };
    const attempt = this.attempts.get(name) ?? none;
    attempt.amountCents = amountCents;
    attempt.before ||= before.decision !== 'decline';
    attempt.after ||= after.decision !== 'decline';
    this.attempts.set(name, attempt);
  }

  private countsOf(reason: string): Record<Side, number> {
    const counts = this.reasons.get(reason) ?? { before: 0, after: 0 };
    this.reasons.set(reason, counts);
    return counts;
  }
}

function affectedBy(attempts: readonly Attempt[]) {
  const changed = attempts.filter(({ before, after }) => before !== after);
  const buyers = (through: Side) =>
    new Set(changed.filter((attempt) => attempt[through]).map(({ userId }) => userId)).size;
  const cents = new Map<string, { blockedCents: number; letInCents: number }>();
  for (const { currency, amountCents, before } of changed) {
    const sums = cents.get(currency) ?? { blockedCents: 0, letInCents: 0 };
    sums[before ? 'blockedCents' : 'letInCents'] += amountCents;
    cents.set(currency, sums);
  }
  return {
    buyersBlocked: buyers('before'),
    buyersLetIn: buyers('after'),
    affected: [...cents].map(([currency, sums]) => ({ currency, ...sums })),
  };
}

function noFlags() {
  return { caught: 0, wronged: 0, missed: 0 };
}

function flagKind(flagged: boolean, fraud: boolean | null) {
  if (fraud === null) return null;
  if (flagged) return fraud ? 'caught' : 'wronged';
  return fraud ? 'missed' : null;
}

function qualityOf(flags: ReturnType<typeof noFlags>): Quality {
  const flagged = flags.caught + flags.wronged;
  return { ...flags, precision: flagged === 0 ? null : flags.caught / flagged };
}
