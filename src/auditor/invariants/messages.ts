import { HORIZON, KEPT, type Rule } from './rule.js';

/** What is due this long and not done is stuck (Payment service spec, Reconciliation). */
const STUCK = `(${HORIZON} - interval '10 minutes')`;

/** I7 and I8: what we tell and what we are told arrives. */
export const MESSAGES: readonly Rule[] = [
  {
    invariant: 'I7',
    rule: 'an event reaches those who follow it',
    violations: `
      SELECT format('event %s %s of %s %s waits since %s: %s', event_id, event_type, aggregate_type,
        aggregate_id, created_at, coalesce(last_error, 'never tried')) AS found
      FROM outbox WHERE processed_at IS NULL AND created_at < ${STUCK}
      UNION ALL
      SELECT format('event %s %s of %s %s is a dead letter: %s', event_id, event_type,
        aggregate_type, aggregate_id, last_error)
      FROM outbox_dlq`,
  },
  {
    invariant: 'I7',
    rule: 'nobody acted on an event that was never published',
    violations: `
      SELECT format('%s handled event %s at %s', i.subscriber, i.event_id, i.handled_at) AS found
      FROM event_inbox i LEFT JOIN outbox o USING (tenant_id, event_id)
      WHERE o.event_id IS NULL AND i.handled_at > now() - ${KEPT}`,
  },
  {
    invariant: 'I7',
    rule: 'each step of a refund or dispute is told of once',
    violations: `
      SELECT format('payment %s: %s %s happened %s times, told of %s times', e.payment_id,
        e.event_type, e.id, e.happened, coalesce(o.told, 0)) AS found
      FROM (
        SELECT tenant_id, payment_id, event_type, coalesce(payload#>>'{terms,refundId}',
          payload#>>'{terms,disputeId}', payload->>'refundId', payload->>'disputeId')::uuid AS id,
          count(*) AS happened, max(created_at) AS last_at
        FROM payment_event_sequence WHERE stream_type = 'payment'
          AND (event_type LIKE 'refund.%' OR event_type LIKE 'dispute.%') GROUP BY 1, 2, 3, 4
      ) e
      LEFT JOIN (SELECT tenant_id, aggregate_id, event_type, count(*) AS told FROM outbox
        GROUP BY 1, 2, 3) o
        ON (o.tenant_id, o.aggregate_id, o.event_type) = (e.tenant_id, e.id, e.event_type)
      WHERE o.told > e.happened OR (coalesce(o.told, 0) < e.happened
        AND e.last_at > now() - ${KEPT})`,
  },
  {
    invariant: 'I7',
    rule: 'what a saga asks for is done',
    violations: `
      SELECT format('command %s %s of saga %s %s is %s since %s: %s', id, type, saga, key, status,
        created_at, last_error) AS found
      FROM saga_commands
      WHERE status = 'failed' OR (status = 'pending' AND created_at < ${STUCK})`,
  },
  {
    invariant: 'I8',
    rule: 'a provider’s event ends processed or with a human',
    violations: `
      SELECT format('%s %s %s is %s since %s: %s', provider, event_type, webhook_id, status,
        updated_at, coalesce(error_message, 'no reason')) AS found
      FROM webhook_inbox
      WHERE (status = 'pending' AND next_attempt_at < ${STUCK})
        OR (status = 'processing' AND lease_until < ${STUCK})
        OR (status = 'processed') <> (processed_at IS NOT NULL)
        OR (status IN ('quarantined', 'failed') AND error_message IS NULL)`,
  },
];
