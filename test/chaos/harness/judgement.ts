import { setTimeout as sleep } from 'node:timers/promises';
import { OPEN } from '../../../src/auditor/invariants/rule.js';
import { checkInvariants } from '../../support/invariants/index.js';
import { query } from '../../support/shop.js';
import type { TestWorld } from '../../support/world.js';
import type { Customers } from './customers.js';

/** As long as something may take, once the provider is healthy. */
const PATIENCE_MS = 30_000;

/** As long as the provider may take to tell what happened in the storm: one event after the other. */
const PROVIDER_PATIENCE_MS = 600_000;

/** Answers that are asked for again at once. */
const LANES = 8;

export interface Judgement {
  /** What is wrong, one text each; empty when nothing is. */
  readonly violations: readonly string[];
  /** Until nothing was under way any more, and all invariants held. */
  readonly quietAfterMs: number;
  /** Until no charge, refund, capture or void was open; absent when some still are. */
  readonly closedAfterMs?: number;
  /** What was still under way the last time that something was. */
  readonly lastToEnd: readonly string[];
}

/**
 * Waits until all is quiet, but not for ever, and holds everything against everything. Operations
 * have half a minute from now on, the provider's news `patienceMs` from when it has told them.
 */
export async function judge(
  world: TestWorld,
  customers: Customers,
  patienceMs = PATIENCE_MS,
): Promise<Judgement> {
  const began = Date.now();
  const [open, closedAfterMs] = await Promise.all([
    customers.settle(AbortSignal.timeout(patienceMs)),
    closing(world),
  ]);
  const untold = await toldBy(world);
  const { violations: unrest, lastToEnd } = await calm(world, Date.now() + patienceMs);
  const quietAfterMs = Date.now() - began;
  return {
    violations: [
      ...(closedAfterMs === undefined ? [`I14 operations are open after ${PATIENCE_MS} ms`] : []),
      ...(untold === 0 ? [] : [`I8 the provider could not tell of ${untold} events`]),
      ...unrest,
      ...open.map(({ path, key }) => `${path} with key ${key} has no final answer`),
      ...(await replays(customers)),
      ...(await forgeries(world)),
      ...(await unheard(world)),
    ],
    quietAfterMs,
    ...(closedAfterMs !== undefined && { closedAfterMs }),
    lastToEnd,
  };
}

/** Waits until no operation at the provider is open; answers after how long, if in time. */
async function closing(world: TestWorld): Promise<number | undefined> {
  const began = Date.now();
  while (Date.now() - began < PATIENCE_MS) {
    const [row] = await query(
      world,
      `SELECT (SELECT count(*) FROM payment_transactions WHERE status IN ${OPEN})
        + (SELECT count(*) FROM payment_refunds WHERE status = 'pending')
        + (SELECT count(*) FROM payment_operations WHERE status = 'open') AS open`,
    );
    if (Number(row?.open) === 0) return Date.now() - began;
    await sleep(250);
  }
  return undefined;
}

/** Waits until the provider has told what it had to tell; answers how much it could not. */
async function toldBy({ stripe }: TestWorld): Promise<number> {
  const end = Date.now() + PROVIDER_PATIENCE_MS;
  while (stripe.deliveries().pending > 0 && Date.now() < end) await sleep(250);
  return stripe.deliveries().pending;
}

/** Waits until nothing is under way and every invariant holds; answers what it is then. */
export async function calm(
  world: TestWorld,
  deadline = Date.now() + PATIENCE_MS,
): Promise<Judgement> {
  const began = Date.now();
  let lastToEnd: readonly string[] = [];
  for (;;) {
    await sleep(500);
    const waiting = await undone(world);
    const over = Date.now() > deadline;
    // Looking at everything takes its time, from those too who still have something to do.
    const violations = waiting.length > 0 && !over ? waiting : await everything(world, waiting);
    if (violations.length === 0 || over) {
      return { violations, quietAfterMs: Date.now() - began, lastToEnd };
    }
    lastToEnd = violations;
  }
}

async function everything(world: TestWorld, waiting: readonly string[]): Promise<string[]> {
  return [...(await checkInvariants(world)), ...waiting];
}

/** What is still waiting, by table. */
async function undone(world: TestWorld): Promise<string[]> {
  const rows = await query(
    world,
    `SELECT 'outbox ' || event_type AS what, count(*)::integer AS n, max(last_error) AS error
      FROM outbox WHERE processed_at IS NULL GROUP BY 1
    UNION ALL SELECT 'dead letter ' || event_type, count(*)::integer, max(last_error)
      FROM outbox_dlq GROUP BY 1
    UNION ALL SELECT 'webhook ' || event_type || ' ' || status, count(*)::integer, max(error_message)
      FROM webhook_inbox WHERE status <> 'processed' GROUP BY 1
    UNION ALL SELECT 'saga command ' || type || ' ' || status, count(*)::integer, max(last_error)
      FROM saga_commands WHERE status = 'failed'
        OR (status = 'pending' AND next_attempt_at < now() - interval '5 seconds') GROUP BY 1
    UNION ALL SELECT 'job ' || kind || ' ' || status, count(*)::integer, max(last_error)
      FROM jobs WHERE status = 'failed'
        OR (status = 'pending' AND next_attempt_at < now() - interval '5 seconds') GROUP BY 1
    UNION ALL SELECT 'token on ' || blockchain || ' ' || status, count(*)::integer,
        max(error_message)
      FROM nft_mint_queue WHERE status NOT IN ('minted', 'cancelled', 'revoked') GROUP BY 1
    UNION ALL SELECT kind || ' on ' || blockchain, count(*)::integer, max(last_error)
      FROM nft_batches WHERE status = 'open' GROUP BY 1`,
  );
  return rows.map(({ what, n, error }) => `${String(n)} × ${String(what)}: ${String(error)}`);
}

/** I15: the same key, the same answer, byte by byte. */
async function replays({ deeds }: Customers): Promise<string[]> {
  const differences: string[] = [];
  const rest = deeds.values();
  const lane = async () => {
    for (const deed of rest) {
      const difference = await deed.replay();
      if (difference !== undefined) differences.push(`I15 ${difference}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return differences;
}

/** Row 17: nothing of what a stranger told is kept. */
async function forgeries(world: TestWorld): Promise<string[]> {
  const rows = await query(
    world,
    `SELECT webhook_id FROM webhook_inbox WHERE webhook_id LIKE 'evt_forged_%'`,
  );
  return rows.map(({ webhook_id: id }) => `I8 the forged event ${String(id)} was kept`);
}

/** I7 and I8: what one event of a type was handled by, all were; what we said we have, we have. */
async function unheard(world: TestWorld): Promise<string[]> {
  const missed = await query(
    world,
    `SELECT o.event_type, f.subscriber, count(*)::integer AS n
    FROM outbox o
    JOIN (SELECT DISTINCT o.event_type, i.subscriber FROM event_inbox i
      JOIN outbox o USING (tenant_id, event_id)) f USING (event_type)
    -- What is still to be told is somebody's who came late, not lost.
    WHERE o.processed_at IS NOT NULL AND NOT EXISTS (SELECT FROM event_inbox i WHERE (i.tenant_id, i.event_id, i.subscriber)
      = (o.tenant_id, o.event_id, f.subscriber))
    GROUP BY 1, 2`,
  );
  const kept = new Set(
    (await query(world, 'SELECT webhook_id FROM webhook_inbox')).map((row) => row.webhook_id),
  );
  const told = world.stripe.news();
  return [
    ...missed.map(
      (row) =>
        `I7 ${String(row.subscriber)} did not have ${String(row.n)} of ${String(row.event_type)}`,
    ),
    ...told
      .filter(({ id, taken }) => taken && !kept.has(id))
      .map(({ id, type }) => `I8 the event ${id} (${type}) was taken and is not there`),
    ...told
      .filter(({ taken }) => !taken)
      .map(({ id, type }) => `I8 the provider gave up telling of ${id} (${type})`),
  ];
}
