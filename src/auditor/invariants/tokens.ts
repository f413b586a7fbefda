import { HORIZON, KEPT, type Rule } from './rule.js';

/** Transactions that minted, ticket by ticket. */
const MINTED_BY = `minted_by AS (
  SELECT t.tenant_id, unnest(t.ticket_ids) AS ticket_id, t.hash
  FROM nft_transactions t
  JOIN nft_batches b ON (b.tenant_id, b.id) = (t.tenant_id, t.batch_id)
  WHERE t.status = 'done' AND b.kind = 'mint'
)`;

/** I4 and I9: what is paid becomes a token, once; the chains themselves are not asked here. */
export const TOKENS: readonly Rule[] = [
  {
    invariant: 'I4',
    rule: 'a sold ticket whose sale has a chain is queued for it',
    violations: `
      SELECT format('ticket %s of payment %s: sold for %s, queued for %s', t.id, t.payment_id,
        s.sale->>'blockchain', coalesce(q.blockchain, 'none')) AS found
      FROM sold p
      JOIN sales s ON (s.tenant_id, s.payment_id) = (p.tenant_id, p.id)
      JOIN tickets t ON (t.tenant_id, t.payment_id) = (p.tenant_id, p.id)
      LEFT JOIN nft_mint_queue q ON (q.tenant_id, q.ticket_id) = (t.tenant_id, t.id)
      LEFT JOIN (SELECT DISTINCT tenant_id, payment_id FROM dispute_history WHERE state = 'lost') d
        ON (d.tenant_id, d.payment_id) = (p.tenant_id, p.id)
      WHERE t.status = 'sold' AND d.payment_id IS NULL AND p.sold_at < ${HORIZON}
        AND s.sale->>'blockchain' IS NOT NULL
        AND q.blockchain IS DISTINCT FROM s.sale->>'blockchain'`,
  },
  {
    invariant: 'I9',
    rule: 'a token is told of once, and nothing else is',
    violations: `
      SELECT format('ticket %s is %s, minted %s, told of %s times',
        coalesce(q.ticket_id, o.ticket_id), coalesce(q.status, 'unknown'),
        coalesce(q.processed_at::text, 'never'), coalesce(o.told, 0)) AS found
      FROM (SELECT * FROM nft_mint_queue WHERE processed_at IS NOT NULL) q
      FULL JOIN (SELECT tenant_id, aggregate_id AS ticket_id, count(*) AS told FROM outbox
        WHERE event_type = 'mint.completed' GROUP BY 1, 2) o
        ON (o.tenant_id, o.ticket_id) = (q.tenant_id, q.ticket_id)
      WHERE q.ticket_id IS NULL OR o.told > 1
        OR (o.told IS NULL AND q.processed_at > now() - ${KEPT})`,
  },
  {
    invariant: 'I9',
    rule: 'a ticket has at most one transaction that minted it, which is the one it names',
    also: MINTED_BY,
    violations: `
      SELECT format('ticket %s names %s, minted by %s', q.ticket_id,
        coalesce(q.transaction_hash, 'none'), coalesce(string_agg(m.hash, ' '), 'none')) AS found
      FROM nft_mint_queue q
      LEFT JOIN minted_by m ON (m.tenant_id, m.ticket_id) = (q.tenant_id, q.ticket_id)
      WHERE q.processed_at IS NOT NULL
      GROUP BY q.tenant_id, q.ticket_id, q.transaction_hash
      HAVING count(m.hash) > 1 OR (q.transaction_hash IS NOT NULL
        AND coalesce(min(m.hash), '') <> q.transaction_hash)`,
  },
  {
    invariant: 'I9',
    rule: 'what is under way has a job',
    violations: `
      SELECT format('ticket %s is %s, and job %s does not see to it', q.ticket_id, q.status,
        q.job_id) AS found
      FROM nft_mint_queue q
      LEFT JOIN nft_batches b ON (b.tenant_id, b.id, b.status) = (q.tenant_id, q.job_id, 'open')
        AND q.ticket_id = ANY(b.ticket_ids)
        AND b.kind = CASE q.status WHEN 'minting' THEN 'mint' WHEN 'revoking' THEN 'revoke'
          ELSE 'transfer' END
      WHERE q.job_id IS NOT NULL AND b.id IS NULL`,
  },
  {
    invariant: 'I9',
    rule: 'what the transactions of a job have cost is booked once',
    violations: `
      SELECT format('job %s on %s: %s paid, %s noted, %s booked', b.id, b.blockchain,
        coalesce(t.gas, 0), b.gas, coalesce(m.units, 0)) AS found
      FROM nft_batches b
      LEFT JOIN (SELECT tenant_id, batch_id, sum(gas) AS gas FROM nft_transactions GROUP BY 1, 2) t
        ON (t.tenant_id, t.batch_id) = (b.tenant_id, b.id)
      LEFT JOIN (SELECT tenant_id, payment_id AS job_id, sum(amount_cents) AS units FROM moved
        WHERE kind = 'mint_gas' AND account LIKE 'chain:%:spent' GROUP BY 1, 2) m
        ON (m.tenant_id, m.job_id) = (b.tenant_id, b.id)
      WHERE b.status <> 'open' AND (coalesce(t.gas, 0) <> b.gas OR coalesce(m.units, 0) <>
        ceil(b.gas / CASE b.blockchain WHEN 'polygon' THEN 1000000000 ELSE 1 END))`,
  },
];
