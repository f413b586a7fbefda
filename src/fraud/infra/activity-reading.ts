import type { Result } from '../../kernel/postgres/pipeline.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { networkOf } from '../../kernel/network-address.js';
import type { HistoryFeatures } from '../domain/scoring/index.js';
import { travelSpeed } from '../domain/travel-speed.js';
import { MOST_COUNTED } from '../domain/velocity.js';
import type { PurchaseToCheck } from './purchase-to-check.js';
import { addressOf } from './record-purchase-signals.js';

type Activity = Pick<
  HistoryFeatures,
  | 'purchasesUserHour'
  | 'purchasesUserDay'
  | 'purchasesUserWeek'
  | 'purchasesIpMinute'
  | 'purchasesIpHour'
  | 'purchasesCardDay'
  | 'usersOfCard'
  | 'ticketsOfUserForEvent'
  | 'highDemandPurchases'
  | 'travelKmPerHour'
>;

/** Earlier purchases of the user, from the address and with the card; see `parseActivity`. */
export function activityReading(purchase: PurchaseToCheck): Statement {
  const { tenantId, userId, eventId, paymentMethod, at } = purchase;
  const address = addressOf(purchase.signals.ip);
  return sql`
    WITH mine AS MATERIALIZED (
      SELECT created_at, event_id, quantity, high_demand, latitude, longitude
      FROM purchase_signals
      WHERE tenant_id = ${tenantId} AND user_id = ${userId}
        AND created_at > ${at}::timestamptz - interval '30 days'
      ORDER BY created_at DESC LIMIT ${MOST_COUNTED}
    ), near AS MATERIALIZED (
      SELECT created_at FROM purchase_signals
      WHERE tenant_id = ${tenantId} AND network = ${address && networkOf(address)}::cidr
        AND created_at > ${at}::timestamptz - interval '1 hour'
      ORDER BY created_at DESC LIMIT ${MOST_COUNTED}
    ), paid_so AS MATERIALIZED (
      SELECT created_at, user_id FROM purchase_signals
      WHERE tenant_id = ${tenantId} AND payment_method = ${paymentMethod}
        AND created_at > ${at}::timestamptz - interval '30 days'
      ORDER BY created_at DESC LIMIT ${MOST_COUNTED}
    )
    SELECT * FROM (
      SELECT count(*) FILTER (WHERE created_at > ${at}::timestamptz - interval '1 hour')::integer
          AS user_hour,
        count(*) FILTER (WHERE created_at > ${at}::timestamptz - interval '1 day')::integer
          AS user_day,
        count(*) FILTER (WHERE created_at > ${at}::timestamptz - interval '7 days')::integer
          AS user_week,
        coalesce(sum(quantity) FILTER (WHERE event_id = ${eventId}), 0)::integer AS tickets,
        count(*) FILTER (WHERE high_demand)::integer AS high_demand
      FROM mine
    ) of_user, (
      SELECT count(*) FILTER (WHERE created_at > ${at}::timestamptz - interval '1 minute')::integer
          AS ip_minute,
        count(*)::integer AS ip_hour
      FROM near
    ) of_ip, (
      SELECT count(*) FILTER (WHERE created_at > ${at}::timestamptz - interval '1 day')::integer
          AS card_day,
        count(DISTINCT user_id) FILTER (WHERE user_id <> ${userId})::integer AS other_users
      FROM paid_so
    ) of_card LEFT JOIN LATERAL (
      SELECT latitude, longitude, created_at AS seen_at FROM mine
      WHERE latitude IS NOT NULL ORDER BY created_at DESC LIMIT 1
    ) last_seen ON true`;
}

/** What was counted, and the purchase itself. Whoever gave no card or address has no count of it. */
export function parseActivity(result: Result | undefined, purchase: PurchaseToCheck): Activity {
  const row = result?.rows[0] ?? {};
  const count = (name: string) => Number(row[name] ?? 0);
  const own = (given: unknown) => (given ? 1 : 0);
  const { paymentMethod, quantity, highDemand, signals } = purchase;
  const address = addressOf(signals.ip);
  return {
    purchasesUserHour: count('user_hour') + 1,
    purchasesUserDay: count('user_day') + 1,
    purchasesUserWeek: count('user_week') + 1,
    purchasesIpMinute: count('ip_minute') + own(address),
    purchasesIpHour: count('ip_hour') + own(address),
    purchasesCardDay: count('card_day') + own(paymentMethod),
    usersOfCard: count('other_users') + own(paymentMethod),
    ticketsOfUserForEvent: count('tickets') + quantity,
    highDemandPurchases: count('high_demand') + own(highDemand),
    travelKmPerHour: speedSince(row, purchase),
  };
}

function speedSince(
  row: Readonly<Record<string, unknown>>,
  { location, at }: PurchaseToCheck,
): number | null {
  if (!location || !(row.seen_at instanceof Date)) return null;
  const latitude = row.latitude as number;
  const longitude = row.longitude as number;
  return travelSpeed({ latitude, longitude, at: row.seen_at }, { ...location, at });
}
