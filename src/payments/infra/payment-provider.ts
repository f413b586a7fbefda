import type { ProviderOutcome } from '../domain/provider-outcome.js';
import type { Sale } from '../domain/sale.js';

/**
 * Someone who moves buyers' money. Every call is made with a key that derives from our operation
 * id, so that making it again moves nothing twice, and answers an outcome: what cannot be told is
 * `unknown`, never an exception. Amounts in cents.
 */
export abstract class PaymentProvider {
  abstract readonly name: string;

  /** Can a new charge be asked for now? False while the circuit breaker is open. */
  abstract available(): boolean;

  /** Charges (or authorizes) the sale's total. */
  abstract charge(sale: Sale): Promise<ProviderOutcome>;

  /**
   * What became of the charge: the object itself when its reference is known; else the same request
   * again under the same key, then the provider's own list by our metadata.
   */
  abstract find(sale: Sale, reference: string | null): Promise<ProviderOutcome>;

  /** Captures an authorization, whole or in part. */
  abstract capture(sale: Sale, reference: string, amountCents: number): Promise<ProviderOutcome>;

  /** Cancels what is not captured. An object that went through meanwhile answers `succeeded`. */
  abstract cancel(sale: Sale, reference: string): Promise<ProviderOutcome>;

  /** Calls back whenever the provider is reachable again after its breaker was open. */
  abstract onRecovery(listener: () => void): void;
}
