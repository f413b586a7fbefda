import { ENDED, type Rule, SETTLED } from './rule.js';

/** I12: who was let in buys once, and holds a slot no longer than that takes. */
export const ACCESS: readonly Rule[] = [
  {
    invariant: 'I12',
    rule: 'an access is bound while its payment is under way, and spent by one that went through',
    violations: `
      SELECT format('access %s of user %s is %s by payment %s, which is %s', a.jti, a.user_id,
        a.status, coalesce(a.payment_id::text, 'none'), coalesce(p.status, 'not there')) AS found
      FROM waiting_room_access a
      LEFT JOIN payment_transactions p ON (p.tenant_id, p.id) = (a.tenant_id, a.payment_id)
      LEFT JOIN courses c ON (c.tenant_id, c.payment_id) = (a.tenant_id, a.payment_id)
      WHERE CASE a.status
        WHEN 'reserved' THEN coalesce(p.status, 'NONE')
          NOT IN ('PENDING', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION')
        WHEN 'consumed' THEN NOT coalesce(p.status IN ${SETTLED}
          OR p.status IN ('AUTHORIZED', 'IN_REVIEW') OR p.status IN ${ENDED} AND c.authorized, false)
        ELSE p.status IN ('PENDING', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION') END`,
  },
];
