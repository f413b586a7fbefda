import type Stripe from 'stripe';
import type { Uuid } from '../../../kernel/ids.js';
import type { ProviderOutcome } from '../../domain/provider-outcome.js';
import type { RefundOutcome } from '../../domain/refund.js';
import type { Sale } from '../../domain/sale.js';
import type { MemoSeal } from '../../domain/sale-memo.js';
import { providerCallSeconds } from '../../../kernel/observability/index.js';
import {
  type CancelReason,
  type CaptureOperation,
  type CardFound,
  type EvidenceOutcome,
  type OutgoingEvidence,
  PaymentProvider,
  type ProviderOperation,
  type ProviderRecord,
  type Recalled,
  type RefundOperation,
} from '../payment-provider.js';
import { intentOf, WITH_CHARGE } from './charge-request.js';
import type { StripeSettings } from './client.js';
import { isLive, stripeClient } from './client.js';
import { evidenceOutcomeOf, evidenceOutcomeOfError, evidenceUpdate } from './disputes.js';
import { findByMetadata } from './look-up.js';
import { cardOf, cardOfError, MethodFingerprints } from './method-fingerprints.js';
import { outcomeOf, outcomeOfError } from './outcomes.js';
import { recalledOf, recalledOfError } from './recall.js';
import { recordOf } from './record.js';
import { refundOutcomeOf, refundOutcomeOfError } from './refunds.js';
import { type Resilience, resilience } from './resilience.js';
import { type UnknownOutcome, unknownOf } from './unknown.js';

/** Stripe forgets an idempotency key after 24 hours; an hour's margin keeps us inside. */
const KEY_LIFETIME_MS = 23 * 3_600_000;

/** A purchase waits for its card: a provider that is slower than this is not asked about it. */
const CARD_TIMEOUT_MS = 2_000;

/** Cards through Stripe PaymentIntents, confirmed on our side. */
export class StripeProvider extends PaymentProvider {
  readonly name = 'stripe';
  private readonly stripe: Stripe;
  private readonly guarded: Resilience;
  private readonly livemode: boolean;
  private readonly fingerprints: MethodFingerprints;

  constructor(
    settings: StripeSettings,
    private readonly seal: MemoSeal,
  ) {
    super();
    this.livemode = isLive(settings.secretKey);
    this.stripe = stripeClient(settings);
    this.guarded = resilience(this.name, settings.maxConcurrent);
    this.fingerprints = new MethodFingerprints((id) => this.askCard(id));
  }

  available(): boolean {
    return this.guarded.hasRoom();
  }

  onOutage(listener: () => void): void {
    this.guarded.onOutage(listener);
  }

  onRecovery(listener: () => void): void {
    this.guarded.onRecovery(listener);
  }

  methodFingerprint(paymentMethodId: string): Promise<CardFound> {
    return this.fingerprints.of(paymentMethodId);
  }

  charge(sale: Sale): Promise<ProviderOutcome> {
    return this.ask('charge', () =>
      this.stripe.paymentIntents.create(
        intentOf(sale, this.seal),
        keyed('charge', sale.charge.operationId),
      ),
    );
  }

  async find(sale: Sale, reference: string | null): Promise<ProviderOutcome> {
    if (reference) return this.retrieve(reference);
    let wait = {};
    if (Date.now() - Date.parse(sale.startedAt) < KEY_LIFETIME_MS) {
      const again = await this.charge(sale);
      // Stripe repeats its first answer to a key: an unfinished one may be out of date.
      if (again.kind === 'processing' || again.kind === 'requires_action') {
        return this.retrieve(again.reference);
      }
      if (again.kind !== 'unknown') return again;
      const { retryAfterSeconds } = again;
      wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    }
    const found = await this.ask('look-up', () => findByMetadata(this.stripe, sale));
    const outcome = neverDeclined(found);
    return outcome.kind === 'unknown' ? { ...wait, ...outcome } : outcome;
  }

  async capture(sale: Sale, operation: CaptureOperation): Promise<ProviderOutcome> {
    const { reference, amountCents } = operation;
    const outcome = await this.ask('capture', () =>
      this.stripe.paymentIntents.capture(
        reference,
        { amount_to_capture: amountCents, ...WITH_CHARGE },
        keyed('capture', operation.operationId),
      ),
    );
    if (outcome.kind === 'failed') return this.retrieve(reference);
    return this.unlessDone('succeeded', reference, outcome);
  }

  async cancel(
    sale: Sale,
    { operationId, reference }: ProviderOperation,
    reason: CancelReason,
  ): Promise<ProviderOutcome> {
    const outcome = await this.ask('cancel', () =>
      this.stripe.paymentIntents.cancel(
        reference,
        { cancellation_reason: reason === 'expired' ? 'abandoned' : 'requested_by_customer' },
        keyed(`cancel_${reason}`, operationId),
      ),
    );
    // Stripe refuses to cancel what has gone through: the object itself tells what happened.
    const refused = outcome.kind === 'failed' && outcome.reference === null;
    if (refused) return this.retrieve(reference);
    return this.unlessDone('canceled', reference, outcome);
  }

  refund(sale: Sale, operation: RefundOperation): Promise<RefundOutcome | UnknownOutcome> {
    return this.askRefund('refund', () =>
      this.stripe.refunds.create(
        {
          payment_intent: operation.reference,
          amount: operation.amountCents,
          metadata: {
            refund_id: operation.refundId,
            payment_id: sale.paymentId,
            tenant_id: sale.tenantId,
          },
        },
        keyed('refund', operation.refundId),
      ),
    );
  }

  async findRefund(
    sale: Sale,
    operation: RefundOperation,
    reference: string | null,
  ): Promise<RefundOutcome> {
    if (reference) return this.retrieveRefund(reference);
    // By our metadata first: a key that answers 500 for ever would hide what has happened.
    const found = await this.listed(operation);
    if (found) return found;
    if (Date.now() - Date.parse(operation.askedAt) >= KEY_LIFETIME_MS) {
      return { kind: 'unknown', reason: 'not found at the provider' };
    }
    const outcome = await this.refund(sale, operation);
    if (!('isKept' in outcome)) return outcome;
    // What was asked is over, with an error: what is not listed by now was never done.
    const done = await this.listed(operation);
    return done ?? { kind: 'failed', reference: null, reason: 'the provider failed' };
  }

  /** The refund as the charge's list has it by our metadata; null when it is not there. */
  private async listed({ reference, refundId }: RefundOperation): Promise<RefundOutcome | null> {
    const listed = await this.held(reference).catch(unknownOf);
    if ('kind' in listed) return listed;
    return listed.refunds.find((refund) => refund.refundId === refundId)?.outcome ?? null;
  }

  recall(reference: string): Promise<Recalled> {
    return this.timed('recall', () =>
      this.guarded.policy
        .execute(() => this.stripe.paymentIntents.retrieve(reference, WITH_CHARGE))
        .then((intent) => recalledOf(intent, this.seal, this.livemode), recalledOfError),
    );
  }

  review(reference: string): Promise<ProviderRecord | null> {
    return this.held(reference).catch(() => null);
  }

  submitEvidence(
    reference: string,
    evidence: OutgoingEvidence,
    submit: boolean,
    operationId: Uuid,
  ): Promise<EvidenceOutcome> {
    const update = evidenceUpdate(evidence, submit, operationId);
    return this.timed('evidence', () =>
      this.guarded.policy
        .execute(() =>
          this.stripe.disputes.update(reference, update, keyed('evidence', operationId)),
        )
        .then(evidenceOutcomeOf, evidenceOutcomeOfError),
    );
  }

  private askCard(id: string): Promise<CardFound> {
    const call = () => this.stripe.paymentMethods.retrieve(id, {}, { timeout: CARD_TIMEOUT_MS });
    return this.timed('fingerprint', () =>
      this.guarded.impatiently(call).then(cardOf, cardOfError),
    );
  }

  private held(reference: string): Promise<ProviderRecord> {
    return this.guarded.policy.execute(() => recordOf(this.stripe, reference));
  }

  /** Unknown, unless the object shows it done: a key may answer 500 for ever. */
  private async unlessDone(
    done: Stripe.PaymentIntent.Status,
    reference: string,
    outcome: ProviderOutcome,
  ): Promise<ProviderOutcome> {
    if (outcome.kind !== 'unknown') return outcome;
    const found = await this.retrieve(reference, done);
    return found.kind === 'unknown' ? outcome : found;
  }

  /** What the object shows; unknown unless it is in the state that is asked for, if one is. */
  private async retrieve(
    reference: string,
    onlyAs?: Stripe.PaymentIntent.Status,
  ): Promise<ProviderOutcome> {
    return neverDeclined(
      await this.ask('retrieve', async () => {
        const intent = await this.stripe.paymentIntents.retrieve(reference, WITH_CHARGE);
        return onlyAs === undefined || intent.status === onlyAs ? intent : null;
      }),
    );
  }

  private async retrieveRefund(reference: string): Promise<RefundOutcome> {
    const outcome = await this.askRefund('refund look-up', () =>
      this.stripe.refunds.retrieve(reference),
    );
    if (outcome.kind !== 'failed' || outcome.reference !== null) return outcome;
    return { kind: 'unknown', reason: 'the provider refused to look it up' };
  }

  private askRefund(
    operation: string,
    call: () => Promise<Stripe.Refund>,
  ): Promise<RefundOutcome | UnknownOutcome> {
    return this.timed(operation, () =>
      this.guarded.policy.execute(call).then(refundOutcomeOf, refundOutcomeOfError),
    );
  }

  private ask(
    operation: string,
    call: () => Promise<Stripe.PaymentIntent | null>,
  ): Promise<ProviderOutcome> {
    return this.timed(operation, () => this.attempt(call));
  }

  private async timed<T extends { readonly kind: string }>(
    operation: string,
    call: () => Promise<T>,
  ): Promise<T> {
    const started = performance.now();
    const outcome = await call();
    const seconds = (performance.now() - started) / 1000;
    providerCallSeconds.observe({ provider: this.name, operation, outcome: outcome.kind }, seconds);
    return outcome;
  }

  private async attempt(
    call: () => Promise<Stripe.PaymentIntent | null>,
  ): Promise<ProviderOutcome> {
    try {
      const intent = await this.guarded.policy.execute(call);
      return intent ? outcomeOf(intent) : { kind: 'unknown', reason: 'not found at the provider' };
    } catch (error) {
      return outcomeOfError(error);
    }
  }
}

/** A look-up that is refused (another key, another mode) tells nothing about the charge. */
function neverDeclined(outcome: ProviderOutcome): ProviderOutcome {
  if (outcome.kind !== 'failed' || outcome.reference !== null) return outcome;
  return { kind: 'unknown', reason: 'the provider refused to look it up' };
}

function keyed(step: string, operationId: Uuid): Stripe.RequestOptions {
  return { idempotencyKey: `${step}_${operationId}` };
}
