import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newId } from '../../../../src/kernel/ids.js';
import { Client } from '../../../support/client.js';
import { eventually, query } from '../../../support/shop.js';
import { calm } from '../judgement.js';
import type { Stage } from '../stage.js';
import type { Drill } from './drill.js';

const SELLING_MS = 8_000;
const PATIENCE_MS = 60_000;

/**
 * Row 48: the database is lost, and the backup does not know the last seconds. What it knows the
 * beginning of is brought back from the provider's account; money of which it knows nothing at all is
 * named, charge by charge, for a human. Nothing is charged again.
 */
export const BACKUP_RESTORE: Drill = {
  what: 'a backup restored that lacks the last seconds of selling',
  act: async ({ stage, fleet, closeShop }) => {
    await sleep(SELLING_MS);
    await backUp(stage);
    await sleep(SELLING_MS);
    await closeShop();
    await calm(stage.world);
    await fleet.stop();
    const before = await paid(stage);
    const charged = captured(stage).length;
    await restore(stage);
    const restored = await paid(stage);
    await fleet.start();
    const { tenantId, platformTenantId } = stage.world.cast;
    for (const tenant of [tenantId, platformTenantId]) await reconcile(stage, tenant);
    const after = await paid(stage);
    const forgotten = captured(stage).filter((id) => !after.has(id));
    const named = await namedCharges(stage);
    return {
      facts: {
        paidBefore: before.size,
        inBackup: restored.size,
        paidAfter: after.size,
        namedForHumans: named,
      },
      violations: [
        ...(before.size > restored.size ? [] : ['nothing was lost: the drill proves nothing']),
        ...(named === forgotten.length ? [] : [`${forgotten.length} charges, ${named} named`]),
        ...(captured(stage).length === charged ? [] : ['the provider was asked to charge again']),
      ],
    };
  },
  // Charges without a payment are what the drill leaves behind.
  judge: () => Promise.resolve({ violations: [], quietAfterMs: 0 }),
};

/** The payments that have money, by id. */
async function paid({ world }: Stage): Promise<ReadonlySet<string>> {
  const rows = await query(
    world,
    `SELECT id FROM payment_transactions
      WHERE status IN ('PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED')`,
  );
  return new Set(rows.map(({ id }) => String(id)));
}

/** The payments that the provider has taken money for. */
function captured({ world }: Stage): string[] {
  return world.stripe
    .truth()
    .charges.filter((charge) => charge.captured && charge.status === 'succeeded')
    .map(({ metadata }) => String(metadata.payment_id));
}

async function namedCharges({ world }: Stage): Promise<number> {
  const [row] = await query(
    world,
    `SELECT count(DISTINCT subject_id)::integer AS n FROM reconciliation_differences
      WHERE class = 'charge_without_payment'`,
  );
  return row?.n as number;
}

/** A copy of the whole database at one instant. */
async function backUp(stage: Stage): Promise<void> {
  await alone(stage, ['CREATE DATABASE backup TEMPLATE chaos']);
}

async function restore(stage: Stage): Promise<void> {
  await alone(stage, ['DROP DATABASE chaos', 'ALTER DATABASE backup RENAME TO chaos']);
}

/** Runs statements while nobody else is connected. */
async function alone({ postgres, world }: Stage, statements: readonly string[]): Promise<void> {
  const { proxy } = postgres;
  proxy.refuses = true;
  proxy.cut();
  const url = new URL(world.description.databaseUrl);
  url.pathname = '/postgres';
  const client = new pg.Client(url.toString());
  await client.connect();
  try {
    await eventually(async () => {
      const others = `SELECT count(pg_terminate_backend(pid))::integer AS n FROM pg_stat_activity
        WHERE datname = 'chaos'`;
      const { rows } = await client.query<{ n: number }>(others);
      return rows[0]?.n === 0;
    }, 'everybody to leave the database');
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
    proxy.refuses = false;
  }
}

async function reconcile({ world, door }: Stage, tenantId: string): Promise<void> {
  const token = await world.mintToken({ sub: newId(), tenantId, roles: ['admin'] });
  const admin = new Client(door.url, token);
  const { body } = await admin.post('/admin/reconciliation/runs', {});
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    const report = await admin.get(`/admin/reconciliation/runs/${String(body.id)}`);
    if ((report.body.run as { status?: string } | undefined)?.status === 'completed') return;
    await sleep(500);
  }
  throw new Error('the reconciliation did not end');
}
