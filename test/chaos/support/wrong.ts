import { query } from '../../support/shop.js';
import type { TestWorld } from '../../support/world.js';
import type { End, Schedule } from './schedules.js';

interface Expected extends End {
  readonly id: string;
  readonly schedule: Schedule;
}

/** The payments that did not end as they must, each with its schedule. */
export async function wrongIn(world: TestWorld, ends: readonly Expected[]): Promise<string[]> {
  const rows = await query(
    world,
    `SELECT p.id, p.status,
      (SELECT array_agg(DISTINCT t.status) FROM tickets t WHERE t.payment_id = p.id) AS tickets,
      (SELECT count(*)::int FROM ledger_journals j
        WHERE j.reference_id = p.id AND j.kind = 'purchase') AS journals,
      (SELECT count(*)::int FROM outbox o WHERE o.event_type = 'payment.completed'
        AND o.payload->>'paymentId' = p.id::text) AS told
      FROM payment_transactions p`,
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const { charges, refunds } = world.stripe.truth();
  const charged = count(charges.filter(({ status }) => status === 'succeeded'));
  const refunded = count(refunds);
  return ends.flatMap(({ id, schedule, statuses, ...end }) => {
    const row = found.get(id) ?? {};
    const is = {
      status: row.status,
      tickets: row.tickets,
      journals: row.journals,
      told: row.told,
      charges: charged.get(id) ?? 0,
      refunds: refunded.get(id) ?? 0,
    };
    const right =
      statuses.includes(String(is.status)) &&
      JSON.stringify(is.tickets) === JSON.stringify([end.tickets]) &&
      (['journals', 'told', 'charges', 'refunds'] as const).every((key) => is[key] === end[key]);
    return right ? [] : [`${id}: ${JSON.stringify(is)} after ${JSON.stringify(schedule)}`];
  });
}

function count(
  made: readonly { readonly metadata: Readonly<Record<string, string>> }[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { metadata } of made) {
    const id = metadata.payment_id ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
