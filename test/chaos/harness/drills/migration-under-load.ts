import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '../../../../src/kernel/postgres/migrate.js';
import { migrations } from '../../../../migrations/index.js';
import { query, Shop } from '../../../support/shop.js';
import type { Drill } from './drill.js';
import { Probe } from './probe.js';

const ROUNDS = 3;
const MAY_STOP_MS = 1_000;

/** Added and taken away as an expanding release does it, on the table that every sale writes. */
const EXPAND = `ALTER TABLE payment_transactions ADD COLUMN drill_note text`;
const CONTRACT = `ALTER TABLE payment_transactions DROP COLUMN drill_note`;

/** Row 47: a release migrates while the one before it sells. */
export const MIGRATION_UNDER_LOAD: Drill = {
  what: 'migrations while the application sells',
  act: async ({ stage }) => {
    const { world, door } = stage;
    const buyer = await new Shop(world).buyer(door.url);
    const probe = new Probe(async () => (await buyer.get('/api/payments?limit=1')).status === 200);
    probe.start();
    await sleep(2_000);
    const url = world.description.databaseUrl;
    let tries = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const statement of [EXPAND, CONTRACT]) {
        tries += await patiently(() => query(world, `SET lock_timeout = '2s'; ${statement}`));
        await sleep(500);
      }
      await migrate(url);
    }
    const samples = await probe.stop();
    const failed = samples.filter(({ ok }) => !ok).length;
    const longest = Math.round(Math.max(...samples.map(({ ms }) => ms)));
    return {
      facts: { migrations: migrations.length, changes: ROUNDS * 2, tries, longestReadMs: longest },
      violations: [
        ...(failed === 0 ? [] : [`${failed} reads failed`]),
        ...(longest <= MAY_STOP_MS ? [] : [`a read took ${longest} ms`]),
      ],
    };
  },
};

/** A change that does not get its lock in time is tried again; answers how often it was tried. */
async function patiently(change: () => Promise<unknown>): Promise<number> {
  for (let tried = 1; ; tried++) {
    try {
      await change();
      return tried;
    } catch (error) {
      if (tried === 10) throw error;
      await sleep(200);
    }
  }
}
