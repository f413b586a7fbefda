import { SETTLED } from './rule.js';

/**
 * Common table expressions that every rule may read. What a rule does not read costs nothing.
 * Histories are folded here, from the stored events alone.
 */
export const SOURCES = `
  provider_charges AS (
    SELECT * FROM jsonb_to_recordset(current_setting('audit.provider')::jsonb->'charges') AS c (
      id text, intent text, payment_id text, tenant_id text, amount bigint, taken bigint,
      captured boolean, cancelled boolean, currency text, created timestamptz)
  ), provider_refunds AS (
    SELECT * FROM jsonb_to_recordset(current_setting('audit.provider')::jsonb->'refunds') AS r (
      id text, charge text, refund_id text, amount bigint, currency text, status text,
      created timestamptz)
  ), provider_disputes AS (
    SELECT * FROM jsonb_to_recordset(current_setting('audit.provider')::jsonb->'disputes') AS d (
      id text, charge text, amount bigint, currency text, status text, created timestamptz)
  ), sales AS (
    SELECT tenant_id, payment_id, payload->'sale' AS sale, payload#>'{sale,price}' AS price
    FROM payment_event_sequence
    WHERE stream_type = 'payment' AND event_type = 'payment.initiated'
  ), courses AS (
    SELECT tenant_id, payment_id,
      bool_or(event_type = 'payment.late_refund_required') AS late,
      bool_or(event_type = 'payment.failed') AS declined,
      bool_or(event_type = 'payment.authorized') AS authorized,
      bool_or(event_type IN ('payment.succeeded_late', 'payment.late_refund_required')) AS revived,
      max(created_at) FILTER (WHERE event_type IN
        ('payment.succeeded', 'payment.captured', 'payment.succeeded_late')) AS sold_at
    FROM payment_event_sequence WHERE stream_type = 'payment' GROUP BY 1, 2
  ), sold AS (
    SELECT p.*, c.sold_at FROM payment_transactions p
    LEFT JOIN courses c ON (c.tenant_id, c.payment_id) = (p.tenant_id, p.id)
    WHERE p.status IN ${SETTLED} AND c.late IS NOT TRUE
  ), refund_history AS (
    SELECT tenant_id, payment_id, refund_id, steps, terms, reference,
      (terms->>'amountCents')::bigint AS cents, terms->>'origin' AS origin,
      split_part(steps, ' ', -1) AS state
    FROM (
      SELECT tenant_id, payment_id,
        coalesce(payload#>>'{terms,refundId}', payload->>'refundId')::uuid AS refund_id,
        string_agg(replace(event_type, 'refund.', ''), ' ' ORDER BY sequence_number) AS steps,
        (array_agg(payload->'terms' ORDER BY sequence_number))[1] AS terms,
        max(payload->>'reference') AS reference
      FROM payment_event_sequence
      WHERE stream_type = 'payment' AND event_type LIKE 'refund.%' GROUP BY 1, 2, 3
    ) told
  ), dispute_history AS (
    SELECT tenant_id, payment_id, dispute_id, steps, terms, terms->>'reference' AS reference,
      (terms->>'amountCents')::bigint AS cents, (terms->>'feeCents')::bigint AS fee,
      split_part(steps, ' ', -1) AS state, added,
      -- A provider may take its fee only after the dispute has opened.
      greatest((terms->>'feeCents')::bigint, (SELECT max((told.payload->>'feeCents')::bigint)
        FROM payment_event_sequence told WHERE told.tenant_id = disputes.tenant_id
          AND told.payment_id = disputes.dispute_id AND told.stream_type = 'dispute')) AS fee_told
    FROM (
      SELECT tenant_id, payment_id,
        coalesce(payload#>>'{terms,disputeId}', payload->>'disputeId')::uuid AS dispute_id,
        string_agg(replace(event_type, 'dispute.', ''), ' ' ORDER BY sequence_number) AS steps,
        (array_agg(payload->'terms' ORDER BY sequence_number))[1] AS terms,
        (array_agg(payload->'added' ORDER BY sequence_number DESC))[1] AS added
      FROM payment_event_sequence
      WHERE stream_type = 'payment' AND event_type LIKE 'dispute.%' GROUP BY 1, 2, 3
    ) disputes
  ), losses AS (
    SELECT tenant_id, payment_id, (payload->>'refundId')::uuid AS refund_id,
      dispute.key::uuid AS dispute_id, part.key, part.value
    FROM payment_event_sequence CROSS JOIN LATERAL jsonb_each(payload->'losses') dispute
    CROSS JOIN LATERAL jsonb_each_text(dispute.value) part
    WHERE stream_type = 'payment' AND event_type IN ('refund.failed', 'refund.reversed')
  ), parts AS (
    SELECT tenant_id, payment_id, refund_id AS id, 'refund' AS kind, state, origin,
      split_part(key, ':', 1) AS line, value::bigint AS cents, false AS added, NULL AS bearer
    FROM refund_history, jsonb_each_text(terms->'parts')
    UNION ALL
    SELECT tenant_id, payment_id, dispute_id, 'dispute', state, CASE WHEN late THEN 'late' END,
      split_part(key, ':', 1), value::bigint, taken.added,
      coalesce(s.sale->>'disputeLossPayer', 'venue')
    FROM dispute_history h JOIN courses c USING (tenant_id, payment_id)
    JOIN sales s USING (tenant_id, payment_id)
    CROSS JOIN LATERAL (SELECT false AS added, each.* FROM jsonb_each_text(terms->'parts') each
      UNION ALL SELECT true, each.* FROM jsonb_each_text(h.added) each
      UNION ALL SELECT true, l.key, l.value FROM losses l
        WHERE (l.tenant_id, l.dispute_id) = (h.tenant_id, h.dispute_id)) taken
  ), given_back AS (
    SELECT tenant_id, payment_id, sum(refunded)::bigint AS refunded, sum(pending)::bigint AS pending,
      sum(disputed)::bigint AS disputed, sum(lost)::bigint AS lost
    FROM (
      SELECT tenant_id, payment_id, CASE state WHEN 'completed' THEN cents ELSE 0 END AS refunded,
        CASE state WHEN 'initiated' THEN cents ELSE 0 END AS pending, 0 AS disputed, 0 AS lost
      FROM refund_history
      UNION ALL
      SELECT tenant_id, payment_id, 0, 0, CASE state WHEN 'opened' THEN cents ELSE 0 END,
        CASE state WHEN 'lost' THEN cents ELSE 0 END
      FROM parts WHERE kind = 'dispute'
    ) each_one GROUP BY 1, 2
  ), price_lines AS MATERIALIZED (
    SELECT s.tenant_id, s.payment_id, l.line, l.cents, l.bearer, l.returned
    FROM sales s CROSS JOIN LATERAL (VALUES
      ('tickets', (price->>'subtotal')::bigint, 'buyer', true),
      ('platform_fee', (price->>'platformFee')::bigint, price#>>'{payers,platformFee}',
        (sale#>>'{refundPolicy,refundPlatformFee}')::boolean),
      ('gas_fee', (price->>'gasFee')::bigint, price#>>'{payers,gasFee}',
        (sale#>>'{refundPolicy,refundGas}')::boolean),
      ('processing_fee', (price->>'processingFee')::bigint, 'buyer',
        (sale#>>'{refundPolicy,refundProcessingFee}')::boolean),
      ('tax', (SELECT coalesce(sum((tax->>'amountCents')::bigint), 0)
        FROM jsonb_array_elements(price#>'{tax,lines}') tax)::bigint, 'buyer', true)
    ) AS l (line, cents, bearer, returned)
  ), moved AS (
    SELECT j.tenant_id, j.reference_id AS payment_id, j.id AS journal_id, j.kind, e.line, e.account,
      e.code, e.currency, e.amount_cents
    FROM ledger_journals j JOIN ledger_entries e
      ON (e.tenant_id, e.journal_id) = (j.tenant_id, j.id)
  ), captured_lines AS (
    SELECT tenant_id, payment_id, code AS line, -sum(amount_cents)::bigint AS cents
    FROM moved WHERE kind = 'purchase'
      AND code IN ('tickets', 'platform_fee', 'gas_fee', 'processing_fee', 'tax')
    GROUP BY 1, 2, 3
  )`;
