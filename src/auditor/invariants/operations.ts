import { HORIZON, OPEN, type Rule } from './rule.js';

/**
 * People take their time: a quarter of an hour for 3-D Secure, seven days for an authorization
 * (docs.stripe.com/payments/place-a-hold-on-a-payment-method). Some minutes later it is over.
 */
const WAITS = `(p.status = 'REQUIRES_ACTION' AND p.created_at < ${HORIZON} - interval '20 minutes'
  OR p.status IN ('AUTHORIZED', 'IN_REVIEW') AND p.created_at < ${HORIZON} - interval '7 days')`;

/** I14: everything comes to an end. */
export const OPERATIONS: readonly Rule[] = [
  {
    invariant: 'I14',
    rule: 'no payment stays open',
    violations: `
      SELECT format('payment %s of %s %s has been %s since %s', id, amount_charged_cents, currency,
        status, updated_at) AS found
      FROM payment_transactions p
      WHERE (status IN ${OPEN} AND updated_at <= ${HORIZON}) OR ${WAITS}`,
  },
  {
    invariant: 'I14',
    rule: 'no refund stays unknown',
    violations: `
      SELECT format('refund %s of %s %s has been %s since %s', id, amount, currency, status,
        created_at) AS found
      FROM payment_refunds WHERE status = 'pending' AND created_at <= ${HORIZON}`,
  },
  {
    invariant: 'I14',
    rule: 'no capture and no void stays unknown',
    violations: `
      SELECT format('%s %s of payment %s (%s cents) has been open since %s', kind, id, payment_id,
        coalesce(amount_cents::text, 'no'), created_at) AS found
      FROM payment_operations WHERE status = 'open' AND created_at <= ${HORIZON}`,
  },
  {
    invariant: 'I14',
    rule: 'what is open is due again, what has ended is not',
    violations: `
      SELECT format('operation %s of a payment that is %s (%s) is due %s', i.id, p.status, i.status,
        coalesce(i.next_attempt_at::text, 'never')) AS found
      FROM payment_intents i
      JOIN payment_transactions p ON (p.tenant_id, p.id) = (i.tenant_id, i.payment_id)
      WHERE i.status <> p.status OR (i.next_attempt_at IS NOT NULL)
        <> (p.status IN ('PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION', 'AUTHORIZED',
          'IN_REVIEW'))
      UNION ALL
      SELECT format('refund %s is %s and due %s', id, status, coalesce(next_attempt_at::text, 'never'))
      FROM payment_refunds
      WHERE (next_attempt_at IS NOT NULL) <> (status IN ('pending', 'processing'))
      UNION ALL
      SELECT format('%s %s is %s and due %s', kind, id, status,
        coalesce(next_attempt_at::text, 'never'))
      FROM payment_operations WHERE (next_attempt_at IS NOT NULL) <> (status = 'open')`,
  },
];
