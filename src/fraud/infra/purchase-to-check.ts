import type { Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import type { BillingAddress } from '../../waiting-room/waiting-room.contract.js';
import type { Verdict } from '../domain/scoring/index.js';
import type { CountedPurchase, PurchaseSignals } from './record-purchase-signals.js';

/** A purchase before its first transaction, as far as fraud looks at it. */
export interface PurchaseToCheck extends CountedPurchase {
  readonly tenantId: Uuid;
  readonly paymentId: Uuid;
  readonly userId: Uuid;
  readonly venueId: Uuid;
  /** The order, or else the idempotency key: repeated tries of one purchase have one. */
  readonly attemptId: string;
  /** What the buyer would pay, fees and taxes included. */
  readonly amountCents: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly signals: Omit<PurchaseSignals, 'paymentId'>;
  /** Looked up in the lists, kept nowhere. Without one the lists of addresses are not asked. */
  readonly billingAddress?: BillingAddress | null | undefined;
  readonly at: Date;
}

/** What was decided, and what is to be stored of it. */
export interface FraudDecision {
  readonly id: Uuid;
  readonly verdict: Verdict;
  /**
   * For `decline`, which is stored already: 403 `BOT_DETECTED` or `FRAUD_DETECTED`, 429
   * `RATE_LIMIT_EXCEEDED`, with the seconds to wait where waiting helps.
   */
  readonly refusal: Refusal | null;
  /**
   * For the purchase's own first transaction, its signals among them; empty for `decline`. They stop it
   * (`SQLSTATE.guardFailed`) where purchases that ran at the same time have used up a limit: the
   * purchase is then to be checked again, from its reading on.
   */
  readonly record: readonly Statement[];
}
