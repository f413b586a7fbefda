import type { Reply } from './client.js';
import { query } from './shop.js';
import type { TestWorld } from './world.js';

/** What the routes of a dispute answer, read member by member. */
interface ShownDispute {
  readonly dispute: Readonly<Record<string, unknown>>;
  readonly awaitsEvidence: boolean;
  readonly submitted: boolean;
  readonly evidence: Readonly<Record<string, string>>;
  readonly payment: Readonly<Record<string, unknown>>;
  readonly ledger: readonly { kind: string; postings: readonly { amount: number }[] }[];
  readonly history: readonly { type: string; data: Readonly<Record<string, unknown>> }[];
}

export const shown = ({ body }: Reply) => body as unknown as ShownDispute;

/**
 * What every account that the sale moved stands at, in cents, zero ones left out, `V` for the venue.
 * The provider's cost is booked at a time of its own and does not count.
 */
export async function bookOf(
  world: TestWorld,
  paymentId: string,
  venueId: string,
): Promise<Record<string, number>> {
  const rows = await query(
    world,
    `SELECT replace(e.account, $2, 'V') AS account, sum(e.amount_cents)::int AS cents
      FROM ledger_entries e JOIN ledger_journals j ON (j.tenant_id, j.id) = (e.tenant_id, e.journal_id)
      WHERE j.reference_id = $1 AND j.kind <> 'processing_cost' GROUP BY 1 HAVING sum(e.amount_cents) <> 0`,
    [paymentId, venueId],
  );
  return Object.fromEntries(rows.map(({ account, cents }) => [String(account), Number(cents)]));
}
