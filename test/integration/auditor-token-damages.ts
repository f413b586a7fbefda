import { type Damage, PAYMENT_EVENT } from './auditor-damage.js';

/** A ticket's row in a state, as no application wrote it. */
const token = (status: string, more: Readonly<Record<string, string>> = {}): string => {
  const columns = ['', ...Object.keys(more)].join(', ');
  const values = ['', ...Object.values(more)].join(', ');
  return `INSERT INTO nft_mint_queue (tenant_id, id, payment_id, ticket_id, user_id, venue_id,
      event_id, blockchain, status, name, event_name, mint_batch_id${columns})
    SELECT tenant_id, gen_random_uuid(), id, gen_random_uuid(), user_id, venue_id, event_id,
      'polygon', '${status}', 'Any', 'Any', gen_random_uuid()${values}
    FROM payment_transactions LIMIT 1`;
};

/** Tokens: I4 and I9. */
export const TOKEN_DAMAGES: readonly Damage[] = [
  {
    rule: 'I4 a sold ticket whose sale has a chain is queued for it',
    statement: `${PAYMENT_EVENT} payload = jsonb_set(payload, '{sale,blockchain}', '"polygon"')
      WHERE event_type = 'payment.initiated'`,
  },
  {
    rule: 'I9 a token is told of once, and nothing else is',
    statement: token('minted', { processed_at: 'now()' }),
  },
  {
    rule: 'I9 a ticket has at most one transaction that minted it, which is the one it names',
    statement: token('minted', { processed_at: 'now()', transaction_hash: `'0x1'` }),
  },
  {
    rule: 'I9 what is under way has a job',
    statement: token('minting', { job_id: 'gen_random_uuid()' }),
  },
  {
    rule: 'I9 what is under way has a job',
    statement: token('minted', { claimant: `'wallet'`, job_id: 'gen_random_uuid()' }),
  },
  {
    rule: 'I9 what the transactions of a job have cost is booked once',
    statement: `INSERT INTO nft_batches (tenant_id, id, blockchain, kind, ticket_ids, status, gas,
        gas_micro_usd, finished_at)
      SELECT tenant_id, gen_random_uuid(), 'polygon', 'mint', ARRAY[id], 'done', 5, 0, now()
      FROM payment_transactions LIMIT 1`,
  },
];
