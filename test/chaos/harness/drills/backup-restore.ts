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
 * Row 48: the database is lost, and the backup does not know the last seconds. The provider's account
 * brings back every payment, also one of which the backup knows nothing at all, and what became of
 * it. Nothing is charged again.
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
    const charged = stage.world.stripe.truth().charges.length;
    await restore(stage);
    const [restored, known] = [await paid(stage), await begun(stage)];
    await fleet.start();
    const { tenantId, platformTenantId } = stage.world.cast;
    // What the first two bring back, the third finds in order.
    for (const tenant of [platformTenantId, tenantId, tenantId]) await reconcile(stage, tenant);
    const after = await paid(stage);
    const forgotten = captured(stage).filter((id) => !after.has(id));
    const unlike = [...before].filter(([id, cents]) => after.get(id) !== cents);
    const unknown = captured(stage).filter((id) => !known.has(id)).length;
    return {
      facts: {
        paidBefore: before.size,
        inBackup: restored.size,
        unknownToBackup: unknown,
        paidAfter: after.size,
      },
      violations: [
        ...(unknown > 0 ? [] : ['no payment was lost altogether: the drill proves nothing']),
        ...forgotten.map((id) => `the charge of ${id} has no payment`),
        ...unlike.map(([id, cents]) => `${id} had kept ${cents}, and keeps ${after.get(id) ?? 0}`),
        ...(await differences(stage)),
        ...(stage.world.stripe.truth().charges.length === charged
          ? []
          : ['the provider was asked to charge again']),
      ],
    };
  },
  // Answers that were given since the backup are lost with it; everything else has to hold.
  judge: ({ stage }) => calm(stage.world),
};

/** What of the buyers' money each payment keeps, by its id. */
async function paid({ world }: Stage): Promise<ReadonlyMap<string, string>> {
  const rows = await query(
    world,
    `SELECT id, captured_cents - refunded_cents - lost_cents AS kept FROM payment_transactions
      WHERE status IN ('PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED')`,
  );
  return new Map(rows.map(({ id, kept }) => [String(id), String(kept)]));
}

/** Every payment that the database knows of. */
async function begun({ world }: Stage): Promise<ReadonlySet<string>> {
  const rows = await query(world, 'SELECT id FROM payment_transactions');
  return new Set(rows.map(({ id }) => String(id)));
}

/** The payments that the provider has taken money for. */
function captured({ world }: Stage): string[] {
  return world.stripe
    .truth()
    .charges.filter((charge) => charge.captured && charge.status === 'succeeded')
    .map(({ metadata }) => String(metadata.payment_id));
}

/** What the two sides still differ in. */
async function differences({ world }: Stage): Promise<string[]> {
  const rows = await query(
    world,
    `SELECT class || ' ' || movement || ' ' || subject_id AS found FROM reconciliation_differences
      WHERE resolved_at IS NULL`,
  );
  return rows.map(({ found }) => String(found));
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
