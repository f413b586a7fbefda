import { HORIZON, type Rule, SETTLED } from './rule.js';

/** The payment has just changed, or somebody captures or voids it at this moment. */
const MOVING = `(p.updated_at > ${HORIZON} OR EXISTS (SELECT FROM payment_operations o
  WHERE (o.tenant_id, o.payment_id) = (p.tenant_id, p.id)
    AND o.status = 'open' AND o.created_at > ${HORIZON}))`;

/** The provider has just charged, and its answer is on its way. */
const ARRIVING = `(c.created > ${HORIZON} AND p.status IN ('REQUIRES_ACTION', 'PROCESSING', 'UNKNOWN'))`;

/** I2: the provider's charges and our payments are the same. */
export const CHARGES: readonly Rule[] = [
  {
    invariant: 'I2',
    rule: 'a charge belongs to one payment of the same amount and currency',
    violations: `
      SELECT format('charge %s of %s %s: payment %s is %s with %s %s', c.id, c.taken, c.currency,
        coalesce(c.payment_id, 'none'), p.status, p.captured_cents, p.currency) AS found
      FROM provider_charges c LEFT JOIN payment_transactions p
        ON (p.tenant_id::text, p.id::text) = (c.tenant_id, c.payment_id)
      WHERE c.captured AND (p.status IN ${SETTLED} AND p.captured_cents = c.taken
          AND p.currency = upper(c.currency) AND p.stripe_payment_intent_id = c.intent
          OR ${MOVING} OR ${ARRIVING}) IS NOT TRUE`,
  },
  {
    invariant: 'I2',
    rule: 'what is only authorized is authorized here',
    violations: `
      SELECT format('authorization %s of %s %s: payment %s is %s', c.id, c.amount, c.currency,
        coalesce(c.payment_id, 'none'), p.status) AS found
      FROM provider_charges c LEFT JOIN payment_transactions p
        ON (p.tenant_id::text, p.id::text) = (c.tenant_id, c.payment_id)
      WHERE NOT c.captured AND NOT c.cancelled
        AND (p.status IN ('AUTHORIZED', 'IN_REVIEW') AND p.amount_charged_cents = c.amount
          AND p.currency = upper(c.currency) OR ${MOVING} OR ${ARRIVING}) IS NOT TRUE`,
  },
  {
    invariant: 'I2',
    rule: 'a payment is charged at most once',
    violations: `
      SELECT format('payment %s: %s charges of %s %s together', payment_id, count(*), sum(amount),
        min(currency)) AS found
      FROM provider_charges WHERE NOT cancelled
      GROUP BY tenant_id, payment_id HAVING count(*) > 1`,
  },
  {
    invariant: 'I2',
    rule: 'what is paid or authorized was charged',
    violations: `
      SELECT format('payment %s is %s with %s %s, the provider has nothing', p.id, p.status,
        p.amount_charged_cents, p.currency) AS found
      FROM payment_transactions p LEFT JOIN provider_charges c
        ON (c.tenant_id, c.payment_id) = (p.tenant_id::text, p.id::text)
          AND (c.captured OR p.status IN ('AUTHORIZED', 'IN_REVIEW'))
      WHERE (p.status IN ${SETTLED} OR p.status IN ('AUTHORIZED', 'IN_REVIEW'))
        AND p.amount_charged_cents > 0 AND c.id IS NULL AND NOT ${MOVING}`,
  },
  {
    invariant: 'I2',
    rule: 'money is in when the payment says so, and then only',
    violations: `
      SELECT format('payment %s is %s with %s of %s %s captured', id, status, captured_cents,
        amount_charged_cents, currency) AS found
      FROM payment_transactions
      WHERE captured_cents > amount_charged_cents
        OR (captured_cents > 0) <> (status IN ${SETTLED} AND amount_charged_cents > 0)`,
  },
  {
    invariant: 'I2',
    rule: 'a charge’s operation is its payment’s own',
    violations: `
      SELECT format('operation %s of %s %s (%s): payment %s of %s %s (%s)', i.id, i.amount,
        i.currency, i.stripe_intent_id, i.payment_id, p.amount_charged_cents, p.currency,
        p.stripe_payment_intent_id) AS found
      FROM payment_intents i FULL JOIN payment_transactions p
        ON (p.tenant_id, p.id) = (i.tenant_id, i.payment_id)
      WHERE (i.amount, i.currency, i.venue_id, i.stripe_intent_id) IS DISTINCT FROM
        (p.amount_charged_cents, p.currency, p.venue_id, p.stripe_payment_intent_id)`,
  },
];
