import { type KeyScope, LEASE_SECONDS } from '../../kernel/idempotency/idempotency.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import type { BegunPayment } from '../domain/payment.js';
import type { RefundOutcome, RefundTerms } from '../domain/refund.js';
import type { Sale } from '../domain/sale.js';
import type { RefundOperation } from './payment-provider.js';

/** What the keys of refunds are good for. */
export const REFUND = 'refund';

/** The provider tells by webhook; how often it is asked nevertheless. */
const ON_ITS_WAY_SECONDS = 3_600;

/** The request that asks for a refund, as its answers name it. */
export interface AskingRequest {
  readonly path: string;
  readonly requestId: string;
}

/**
 * A refund as it begins, due at the provider as soon as its request's lease is over. One that the
 * provider has already is only looked at again.
 */
export function insertRefund(
  sale: Sale,
  terms: RefundTerms,
  at: Date,
  reference: string | null,
): Statement {
  const wait = firstAttemptSeconds(terms, reference);
  return sql`INSERT INTO payment_refunds (tenant_id, id, transaction_id, amount, currency, reason,
      origin, status, provider, stripe_refund_id, created_at, next_attempt_at)
    VALUES (${sale.tenantId}, ${terms.refundId}, ${sale.paymentId}, ${terms.amountCents},
      ${sale.price.currency}, ${terms.reason}, ${terms.origin},
      ${reference === null ? 'pending' : 'processing'}, ${sale.charge.provider}, ${reference},
      ${at}::timestamptz, now() + make_interval(secs => ${wait}))`;
}

function firstAttemptSeconds(terms: RefundTerms, reference: string | null): number | null {
  if (terms.amountCents === 0) return null;
  if (reference !== null) return ON_ITS_WAY_SECONDS;
  return terms.origin === 'request' ? LEASE_SECONDS : 0;
}

/** Who asked for it, under which key: known to the request alone. */
export function refundAskedBy(
  { tenantId, userId, key }: KeyScope,
  refundId: Uuid,
  request: AskingRequest,
): Statement {
  return sql`UPDATE payment_refunds
    SET requested_by = ${userId}, idempotency_key = ${key}, metadata = ${request}
    WHERE tenant_id = ${tenantId} AND id = ${refundId}`;
}

export function completeRefund(
  sale: Sale,
  refundId: Uuid,
  reference: string | null,
  at: Date,
): Statement {
  return sql`UPDATE payment_refunds SET status = 'completed', stripe_refund_id = ${reference},
      completed_at = ${at}::timestamptz, failure_reason = NULL, next_attempt_at = NULL,
      updated_at = now()
    WHERE tenant_id = ${sale.tenantId} AND id = ${refundId}`;
}

export function failRefund(sale: Sale, refundId: Uuid, reason: string): Statement {
  return sql`UPDATE payment_refunds SET status = 'failed', failure_reason = ${reason},
      next_attempt_at = NULL, updated_at = now()
    WHERE tenant_id = ${sale.tenantId} AND id = ${refundId}`;
}

/** Why a refund is not on its way yet: our account at the provider is short of money. */
export const AWAITS_FUNDS = 'insufficient_funds';

/**
 * The provider has it and pays later, some of it only when our account has money again: it says so
 * by webhook, and is asked every hour.
 */
export function refundOnItsWay(
  tenantId: Uuid,
  refundId: Uuid,
  { reference, awaitsFunds }: Extract<RefundOutcome, { kind: 'pending' }>,
): Statement {
  return sql`UPDATE payment_refunds SET status = 'processing', stripe_refund_id = ${reference},
      failure_reason = ${awaitsFunds ? AWAITS_FUNDS : null},
      next_attempt_at = now() + make_interval(secs => ${ON_ITS_WAY_SECONDS}), updated_at = now()
    WHERE tenant_id = ${tenantId} AND id = ${refundId} AND status IN ('pending', 'processing')`;
}

/** Nobody knows yet: asked again at once, then in the janitor's growing steps; never too early. */
export function refundUnknown(tenantId: Uuid, refundId: Uuid, retryAfterSeconds = 0): Statement {
  return sql`UPDATE payment_refunds SET updated_at = now(),
      not_before = now() + make_interval(secs => ${retryAfterSeconds}),
      next_attempt_at = greatest(now() + make_interval(secs => ${retryAfterSeconds}),
        CASE attempts WHEN 0 THEN least(next_attempt_at, now() + interval '2 seconds')
          ELSE next_attempt_at END)
    WHERE tenant_id = ${tenantId} AND id = ${refundId} AND next_attempt_at IS NOT NULL
      AND (status = 'pending' OR status = 'processing' AND attempts > 0)`;
}

/** How the provider is asked for it. */
export function refundOperation(
  payment: BegunPayment,
  terms: RefundTerms,
  askedAt: Date,
): RefundOperation {
  if (payment.reference === null) throw new Error(`${terms.refundId} refunds no charge`);
  return {
    refundId: terms.refundId,
    reference: payment.reference,
    amountCents: terms.amountCents,
    askedAt: askedAt.toISOString(),
  };
}

/** What only the row knows of a refund. */
export interface RefundRow {
  readonly reference: string | null;
  readonly askedAt: Date;
  /** The key of the request that asked for it; none where nobody did. */
  readonly scope: KeyScope | null;
  readonly request: AskingRequest;
}

export function readRefund(tenantId: Uuid, refundId: Uuid): Statement {
  return sql`SELECT stripe_refund_id, created_at, requested_by, idempotency_key, metadata
    FROM payment_refunds WHERE tenant_id = ${tenantId} AND id = ${refundId}`;
}

export function parseRefund(tenantId: Uuid, result: Result | undefined): RefundRow | null {
  const row = result?.rows[0];
  if (!row) return null;
  const { requested_by: userId, idempotency_key: key } = row as Record<string, Uuid | null>;
  return {
    reference: row.stripe_refund_id as string | null,
    askedAt: row.created_at as Date,
    request: { path: '', requestId: '', ...(row.metadata as Partial<AskingRequest>) },
    scope: userId && key ? { tenantId, userId, operation: REFUND, key } : null,
  };
}
