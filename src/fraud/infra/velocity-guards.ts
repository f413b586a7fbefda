import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { networkOf } from '../../kernel/network-address.js';
import type { RuleSet } from '../domain/scoring/index.js';
import { type Counted, keptLimits } from '../domain/velocity.js';
import type { PurchaseToCheck } from './purchase-to-check.js';
import { addressOf } from './record-purchase-signals.js';

/** What the guards say. */
export const VELOCITY = 'purchase velocity';

/**
 * Counts once more, inside the purchase's transaction, where purchases of one buyer, address or card
 * wait for each other: a hundred that come at once find what the others have left. Nothing for a limit
 * that counting never reaches.
 */
export function velocityGuards(purchase: PurchaseToCheck, rules: RuleSet): Statement[] {
  const { tenantId, at } = purchase;
  const kept = Object.entries(subjectsOf(purchase)).flatMap(([of, subject]) => {
    const limits = keptLimits(rules).filter((limit) => limit.of === of);
    return subject && limits.length > 0 ? [{ of: of as Counted, subject, limits }] : [];
  });
  if (kept.length === 0) return [];
  const locks = kept.map(({ of, subject }) => `velocity ${tenantId} ${of} ${subject}`);
  return [
    // In one order for all, so that nobody waits for somebody who waits for them.
    sql`SELECT pg_advisory_xact_lock(key) FROM (
      SELECT hashtextextended(name, 0) AS key FROM unnest(${locks}::text[]) AS name ORDER BY 1
    ) k`,
    ...kept.map(({ of, subject, limits }) => {
      const since = limits.map(({ seconds }) => new Date(at.getTime() - seconds * 1_000));
      const allowed = limits.map((limit) => limit.allowed);
      return GUARDS[of](purchase, subject, since, allowed);
    }),
  ];
}

type Guard = (
  purchase: PurchaseToCheck,
  subject: string,
  since: readonly Date[],
  allowed: readonly number[],
) => Statement;

const GUARDS: Readonly<Record<Counted, Guard>> = {
  user: ({ tenantId }, userId, since, allowed) => sql`
    SELECT guard(bool_and((SELECT count(*) FROM purchase_signals
      WHERE tenant_id = ${tenantId} AND user_id = ${userId} AND created_at > l.since
    ) < l.allowed), ${VELOCITY})
    FROM unnest(${since}::timestamptz[], ${allowed}::integer[]) AS l(since, allowed)`,
  network: ({ tenantId }, network, since, allowed) => sql`
    SELECT guard(bool_and((SELECT count(*) FROM purchase_signals
      WHERE tenant_id = ${tenantId} AND network = ${network}::cidr AND created_at > l.since
    ) < l.allowed), ${VELOCITY})
    FROM unnest(${since}::timestamptz[], ${allowed}::integer[]) AS l(since, allowed)`,
  card: ({ tenantId }, card, since, allowed) => sql`
    SELECT guard(bool_and((SELECT count(*) FROM purchase_signals
      WHERE tenant_id = ${tenantId} AND payment_method = ${card} AND created_at > l.since
    ) < l.allowed), ${VELOCITY})
    FROM unnest(${since}::timestamptz[], ${allowed}::integer[]) AS l(since, allowed)`,
  // The buyer is one of the allowed, also with a card that they have paid with before.
  cardUsers: ({ tenantId, userId }, card, since, allowed) => sql`
    SELECT guard(bool_and((SELECT count(DISTINCT user_id) FROM purchase_signals
      WHERE tenant_id = ${tenantId} AND payment_method = ${card} AND created_at > l.since
        AND user_id <> ${userId}
    ) < l.allowed), ${VELOCITY})
    FROM unnest(${since}::timestamptz[], ${allowed}::integer[]) AS l(since, allowed)`,
};

function subjectsOf({ userId, paymentMethod, signals }: PurchaseToCheck) {
  const address = addressOf(signals.ip);
  return {
    user: userId.toLowerCase(),
    network: address && networkOf(address),
    card: paymentMethod,
    cardUsers: paymentMethod,
  } satisfies Record<Counted, string | null>;
}
