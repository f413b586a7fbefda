import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { eventually, query, Shop } from '../../../support/shop.js';
import { calm } from '../judgement.js';
import type { Stage } from '../stage.js';
import type { Drill, Scene } from './drill.js';

const SELLING_MS = 8_000;
const PATIENCE_MS = 60_000;

/** Row 48: the database is lost, and the backup does not know the last seconds. */
export const BACKUP_RESTORE: Drill = {
  what: 'a backup restored that lacks the last seconds of selling',
  act: async ({ stage, fleet, closeShop }) => {
    await sleep(SELLING_MS);
    await backUp(stage);
    await sleep(SELLING_MS);
    await closeShop();
    await calm(stage.world);
    await fleet.stop();
    const before = await counts(stage);
    await restore(stage);
    const restored = await counts(stage);
    await fleet.start();
    await reconcile(stage);
    const after = await counts(stage);
    const lost = before.payments - restored.payments;
    return {
      facts: {
        paidBefore: before.payments,
        lost,
        paidAfter: after.payments,
        chargesBefore: before.charges,
        chargesAfter: after.charges,
      },
      violations: [
        ...(lost > 0 ? [] : ['nothing was lost: the drill proves nothing']),
        ...(after.payments === before.payments
          ? []
          : [`${before.payments - after.payments} payments are still missing`]),
        ...(after.charges === before.charges ? [] : ['the provider was asked to charge again']),
      ],
    };
  },
  judge: async ({ stage }: Scene) => {
    const began = Date.now();
    return { violations: await calm(stage.world), quietAfterMs: Date.now() - began };
  },
};

async function counts({ world }: Stage) {
  const [row] = await query(
    world,
    `SELECT count(*)::integer AS payments FROM payment_transactions
      WHERE status NOT IN ('PAYMENT_FAILED', 'CANCELLED', 'EXPIRED', 'PENDING', 'PROCESSING')`,
  );
  const { charges } = world.stripe.truth();
  return {
    payments: row?.payments as number,
    charges: charges.filter(({ status }) => status === 'succeeded').length,
  };
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

async function reconcile({ world, door }: Stage): Promise<void> {
  const admin = await new Shop(world).as(door.url, 'admin');
  const { body } = await admin.post('/admin/reconciliation/runs', {});
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    const report = await admin.get(`/admin/reconciliation/runs/${String(body.id)}`);
    if ((report.body.run as { status?: string } | undefined)?.status === 'completed') return;
    await sleep(500);
  }
  throw new Error('the reconciliation did not end');
}
