import type { PurchaseToCheck } from '../../src/fraud/fraud.contract.js';
import { FraudCheck } from '../../src/fraud/infra/fraud-check.js';
import { RuleSets } from '../../src/fraud/infra/rule-sets.js';
import { SubjectKeys } from '../../src/fraud/infra/subject-keys.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import type { Database } from '../../src/kernel/postgres/database.js';
import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { Dice } from '../../src/sandbox/visitors/dice.js';
import { MOUSE } from '../../src/sandbox/visitors/humans/populations.js';
import { pointerSession } from '../../src/sandbox/visitors/humans/pointer.js';
import { purchaseToCheck } from '../support/fraud-samples.js';

/** One line of figures; times are milliseconds of one client that waits for each answer. */
export interface FraudCheckLine {
  readonly scenario: 'fraud-check';
  /** Purchases of the last thirty days that the checks count in. */
  readonly signals: number;
  readonly checks: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

const USERS = 5_000;
const LISTED = 1_000;
/** Users of one statement. */
const BATCH = 100;
const WARM_UP = 200;
const SESSIONS = 50;

const KEYS = new SubjectKeys(['a-secret-of-the-bench']);

/**
 * `FraudCheck.check` end to end, reading, scoring a whole visit by mouse and deciding, among `wanted`
 * purchases of one tenant by 5,000 users, each with a card, a device and an address.
 * @param database of the application's role, on a migrated database; rows of a new tenant stay in it
 */
export async function measureFraudCheck(
  database: Database,
  wanted = 50_000,
  checks = 2_000,
): Promise<FraudCheckLine> {
  const [tenantId, at, each] = [newId(), new Date(), Math.ceil(wanted / USERS)];
  const users: readonly Uuid[] = Array.from({ length: USERS }, () => newId());
  for (const statement of history(tenantId, users, { each, at })) {
    await database.transact(tenantId, [statement]);
  }
  const check = new FraudCheck(database, new RuleSets(), KEYS);
  const visits = Array.from({ length: SESSIONS }, (_, n) => pointerSession(new Dice(n), MOUSE));
  const purchase = (n: number): PurchaseToCheck => {
    const user = (n * 7) % USERS;
    const userId = users[user] ?? newId();
    const told = { tenantId, userId, at, retentionDays: 30 };
    const device = { ip: addressOf(user), deviceFingerprint: deviceOf(user) };
    return purchaseToCheck({
      ...{ tenantId, userId, at, paymentMethod: cardOf(user) },
      signals: { ...told, ...device, sessionData: visits[n % SESSIONS] },
    });
  };
  for (let n = 0; n < WARM_UP; n++) await check.check(purchase(n));
  const taken: number[] = [];
  for (let n = 0; n < checks; n++) {
    const next = purchase(n);
    const begun = performance.now();
    await check.check(next);
    taken.push(performance.now() - begun);
  }
  taken.sort((a, b) => a - b);
  const quantile = (share: number) =>
    Math.round(100 * (taken[Math.ceil(share * checks) - 1] ?? 0)) / 100;
  return {
    scenario: 'fraud-check',
    signals: each * USERS,
    checks,
    p50_ms: quantile(0.5),
    p99_ms: quantile(0.99),
  };
}

const cardOf = (user: number) => `card-${user}`;
const deviceOf = (user: number) => `fp_device_${user}`;
const addressOf = (user: number) => `10.0.${user >> 8}.${user & 255}`;

/** Everybody's purchases, evenly over thirty days; devices that were seen; a block list. */
function* history(
  tenantId: Uuid,
  users: readonly Uuid[],
  { each, at }: { readonly each: number; readonly at: Date },
): Generator<Statement> {
  for (let first = 0; first < users.length; first += BATCH) {
    const some = users.slice(first, first + BATCH);
    const told = some.map((_, n) => first + n);
    const devices = told.map(
      (user) => KEYS.hashes(tenantId, { type: 'device', value: deviceOf(user) })[0],
    );
    yield sql`
      INSERT INTO purchase_signals (tenant_id, payment_id, user_id, device_fingerprint, ip_address,
        network, payment_method, event_id, quantity, created_at, expires_at)
      SELECT ${tenantId}::uuid, gen_random_uuid(), id, device, ip::inet, ip::cidr, card,
        gen_random_uuid(), 2, made, made + interval '30 days'
      FROM unnest(${some}::uuid[], ${told.map(deviceOf)}::text[], ${told.map(addressOf)}::text[],
          ${told.map(cardOf)}::text[]) WITH ORDINALITY AS u(id, device, ip, card, n),
        generate_series(0, ${each - 1}::integer) k,
        LATERAL (SELECT ${at}::timestamptz - interval '30 days' * ((k + n::float8 / ${BATCH}::integer)
          / ${each}::integer) AS made) p`;
    yield sql`
      INSERT INTO device_activity (tenant_id, id, device_hash, user_id, activity_type, timestamp)
      SELECT ${tenantId}::uuid, gen_random_uuid(), device, id, 'purchase', ${at}::timestamptz
      FROM unnest(${some}::uuid[], ${devices}::text[]) AS u(id, device),
        generate_series(1, ${each}::integer)`;
  }
  yield sql`
    INSERT INTO fraud_lists (tenant_id, id, kind, subject_type, subject_hash, hint, reason, added_by)
    SELECT ${tenantId}::uuid, gen_random_uuid(), 'block', 'card',
      encode(sha256(n::text::bytea), 'hex'), '…', 'bench', gen_random_uuid()
    FROM generate_series(1, ${LISTED}::integer) n`;
}
