import { recordedTax } from '../../compliance/compliance.contract.js';
import { LEASE_SECONDS } from '../../kernel/idempotency/idempotency.js';
import { centsToNumber } from '../../kernel/money/index.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { EXPIRY, isAuthorization } from '../domain/expiry.js';
import { givenBack } from '../domain/given-back.js';
import type { BegunPayment } from '../domain/payment.js';
import { isOpen } from '../domain/payment.js';
import { venuePayout } from '../domain/postings.js';
import type { Sale } from '../domain/sale.js';

/** Violated when another living payment pays for the same order. */
export const ORDER_KEY = 'payment_transactions_order';

/** How long the buyer's action is left alone before the provider is asked how it went. */
const ACTION_POLL_SECONDS = 60;

export interface Step {
  readonly payment: BegunPayment;
  readonly version: number;
  readonly lastEvent: string;
  readonly at: Date;
}

/** The payment's row and its operation at the provider, as they begin. */
export function insertProjection(step: Step, fingerprint: string | null): Statement[] {
  const { payment, version, lastEvent, at } = step;
  const { sale, status } = payment;
  const { price, charge } = sale;
  return [
    sql`INSERT INTO payment_transactions (tenant_id, id, version, status, last_event_type, venue_id,
        user_id, event_id, order_id, operation, method, currency, subtotal_cents,
        amount_charged_cents, platform_fee, gas_fee_paid, tax_amount, venue_payout,
        device_fingerprint, idempotency_key, created_at, updated_at)
      VALUES (${sale.tenantId}, ${sale.paymentId}, ${version}, ${status}, ${lastEvent},
        ${sale.venueId}, ${sale.userId}, ${sale.eventId}, ${sale.orderId},
        ${sale.request.operation}, ${charge.method}, ${price.currency}, ${price.subtotal},
        ${price.total}, ${price.platformFee}, ${price.gasFee}, ${recordedTax(price.tax)},
        ${centsToNumber(venuePayout(sale))}, ${fingerprint}, ${sale.request.idempotencyKey},
        ${at}::timestamptz, ${at}::timestamptz)`,
    sql`INSERT INTO payment_intents (tenant_id, id, payment_id, order_id, provider, amount,
        currency, status, platform_fee, venue_id, last_sequence_number, last_event_timestamp,
        next_attempt_at)
      VALUES (${sale.tenantId}, ${charge.operationId}, ${sale.paymentId}, ${sale.orderId},
        ${charge.provider}, ${price.total}, ${price.currency}, ${status}, ${price.platformFee},
        ${sale.venueId}, ${version}, ${at}::timestamptz,
        now() + make_interval(secs => ${isOpen(status) ? LEASE_SECONDS : null}))`,
  ];
}

/** Both rows after further events. Money that goes back pays for no order any more. */
export function updateProjection(step: Step): Statement[] {
  const { payment, version, lastEvent, at } = step;
  const { sale, status, reference, charge } = payment;
  const wait = nextAttemptSeconds(payment);
  const { refunded, refundPending, disputed, lost } = givenBack(payment);
  return [
    sql`UPDATE payment_transactions SET version = ${version}, status = ${status},
        last_event_type = ${lastEvent}, captured_cents = ${payment.capturedCents},
        refunded_cents = ${refunded}, refund_pending_cents = ${refundPending},
        disputed_cents = ${disputed}, lost_cents = ${lost},
        stripe_payment_intent_id = ${reference},
        payment_method_fingerprint = ${charge?.methodFingerprint ?? null},
        order_id = CASE WHEN ${payment.late} THEN NULL ELSE order_id END,
        updated_at = ${at}::timestamptz
      WHERE tenant_id = ${sale.tenantId} AND id = ${sale.paymentId}`,
    sql`UPDATE payment_intents SET status = ${status}, stripe_intent_id = ${reference},
        last_sequence_number = ${version}, last_event_timestamp = ${at}::timestamptz,
        version = version + 1, attempts = 0, updated_at = now(),
        next_attempt_at = now() + make_interval(secs => ${wait})
      WHERE tenant_id = ${sale.tenantId} AND id = ${sale.charge.operationId}`,
  ];
}

/** The provider wants not to be asked about the charge for a while. */
export function delayCharge({ tenantId, charge }: Sale, seconds: number): Statement {
  return sql`UPDATE payment_intents SET not_before = now() + make_interval(secs => ${seconds}),
      next_attempt_at = greatest(next_attempt_at, now() + make_interval(secs => ${seconds}))
    WHERE tenant_id = ${tenantId} AND id = ${charge.operationId} AND next_attempt_at IS NOT NULL`;
}

function nextAttemptSeconds(payment: BegunPayment): number | null {
  if (payment.status === 'UNKNOWN') return 2;
  if (payment.status === 'REQUIRES_ACTION') return ACTION_POLL_SECONDS;
  if (isAuthorization(payment.status))
    return EXPIRY[payment.sale.charge.method].authorizationSeconds;
  return isOpen(payment.status) ? LEASE_SECONDS : null;
}
