import type { Uuid } from '../../kernel/ids.js';
import type { ProviderDispute } from '../domain/dispute.js';
import type { Evidence } from '../domain/dispute-evidence.js';
import type { ProviderOutcome } from '../domain/provider-outcome.js';
import type { ProviderRefund, RefundOutcome } from '../domain/refund.js';
import type { Sale } from '../domain/sale.js';

/** A capture or a cancellation that somebody asked for; the provider's key derives from its id. */
export interface ProviderOperation {
  readonly operationId: Uuid;
  /** The provider's reference of the charge. */
  readonly reference: string;
}

export interface CaptureOperation extends ProviderOperation {
  readonly amountCents: number;
}

/** Why a charge is called off: somebody wants it, or its time is over. */
export type CancelReason = 'requested' | 'expired';

/** A refund to be paid, in cents; the provider's key derives from its id. */
export interface RefundOperation {
  readonly refundId: Uuid;
  /** The provider's reference of the charge. */
  readonly reference: string;
  readonly amountCents: number;
  /** When it was asked for, ISO 8601: keys do not live for ever. */
  readonly askedAt: string;
}

/** Evidence as it goes out; the address is passed on and kept nowhere with it. */
export interface OutgoingEvidence {
  readonly text: Evidence;
  /** The network address of the purchase, while it is still kept. */
  readonly purchaseAddress: string | null;
}

/** What became of evidence; with the dispute as it is then. */
export type EvidenceOutcome =
  | { readonly kind: 'succeeded'; readonly dispute: ProviderDispute }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly retryAfterSeconds?: number };

/**
 * What a provider remembers of the sale behind a charge: the sale with what has become of the
 * charge; `nothing` that could be believed; `unknown` while it cannot be asked.
 */
export type Recalled =
  | { readonly kind: 'sale'; readonly sale: Sale; readonly outcome: ProviderOutcome }
  | { readonly kind: 'nothing' | 'unknown'; readonly reason: string };

/** Everything the provider holds about one charge. */
export interface ProviderRecord {
  readonly refunds: readonly ProviderRefund[];
  readonly disputes: readonly ProviderDispute[];
}

/**
 * The card behind a payment method. `succeeded`: its fingerprint, null for a method without a card;
 * `failed`: the provider knows no such method; `unknown`: it did not tell in time, or not at all;
 * `not_asked`: there is no room for another call now, or the provider is away.
 */
export type CardFound =
  | { readonly kind: 'succeeded'; readonly fingerprint: string | null }
  | { readonly kind: 'failed' | 'not_asked' }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Someone who moves buyers' money. Every call is made with a key that derives from our operation
 * id, so that making it again moves nothing twice, and answers an outcome: what cannot be told is
 * `unknown`, never an exception. Amounts in cents. `retryAfterSeconds` is what the provider has
 * asked for: background work does not ask again earlier.
 */
export abstract class PaymentProvider {
  abstract readonly name: string;

  /** Can a new charge be asked for now? False while the circuit breaker is open. */
  abstract available(): boolean;

  /**
   * What tells one card from another, whatever payment method it comes as. For counting, never for
   * charging.
   */
  abstract methodFingerprint(paymentMethodId: string): Promise<CardFound>;

  /** Charges (or authorizes) the sale's total. */
  abstract charge(sale: Sale): Promise<ProviderOutcome>;

  /**
   * What became of the charge: the object itself when its reference is known; else the same request
   * again under the same key, then the provider's own list by our metadata.
   */
  abstract find(sale: Sale, reference: string | null): Promise<ProviderOutcome>;

  /** Captures an authorization, whole or in part. What cannot be captured answers what it is. */
  abstract capture(sale: Sale, operation: CaptureOperation): Promise<ProviderOutcome>;

  /** Cancels what is not captured. An object that went through meanwhile answers `succeeded`. */
  abstract cancel(
    sale: Sale,
    operation: ProviderOperation,
    reason: CancelReason,
  ): Promise<ProviderOutcome>;

  /** Pays back a captured charge, whole or in part. */
  abstract refund(sale: Sale, operation: RefundOperation): Promise<RefundOutcome>;

  /**
   * What became of a refund: the object itself when its reference is known; else the provider's own
   * list by our metadata, then the same request again under the same key. Where the key keeps an
   * error and the list shows nothing, it was never done and never will be: `failed`.
   */
  abstract findRefund(
    sale: Sale,
    operation: RefundOperation,
    reference: string | null,
  ): Promise<RefundOutcome>;

  /** The sale behind a charge of which our own tables know nothing, by the provider's reference. */
  abstract recall(reference: string): Promise<Recalled>;

  /** Every refund and dispute of a charge; null when the provider cannot be asked. */
  abstract review(reference: string): Promise<ProviderRecord | null>;

  /**
   * Gives a dispute (by the provider's reference) its evidence in place of any it had: `submit`
   * hands it to the bank, which takes it once; else it stays a draft.
   */
  abstract submitEvidence(
    reference: string,
    evidence: OutgoingEvidence,
    submit: boolean,
    operationId: Uuid,
  ): Promise<EvidenceOutcome>;

  /** Calls back whenever the breaker opens: the provider is away. */
  abstract onOutage(listener: () => void): void;

  /** Calls back whenever the provider is reachable again after its breaker was open. */
  abstract onRecovery(listener: () => void): void;
}
