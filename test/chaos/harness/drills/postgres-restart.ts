import { setTimeout as sleep } from 'node:timers/promises';
import { Shop } from '../../../support/shop.js';
import type { Drill } from './drill.js';
import { Probe } from './probe.js';

const RESTARTS = 5;
const BETWEEN_MS = 6_000;
const MAY_FAIL_MS = 5_000;

/** Row 21: PostgreSQL ends without ceremony and comes back, under load. */
export const POSTGRES_RESTART: Drill = {
  what: `PostgreSQL restarted (immediate) ${RESTARTS} times under load`,
  act: async ({ stage }) => {
    const buyer = await new Shop(stage.world).buyer(stage.door.url);
    const reading = async () => (await buyer.get('/api/payments?limit=1')).status === 200;
    const probe = new Probe(reading).start();
    const back: number[] = [];
    for (let i = 0; i < RESTARTS; i++) {
      await sleep(BETWEEN_MS);
      await stage.postgres.restart();
      back.push(Date.now());
    }
    await sleep(BETWEEN_MS);
    const failed = (await probe.stop()).filter(({ ok }) => !ok);
    // The last failure after each return, before the next restart.
    const windows = back.map((at) => {
      const after = failed.filter((each) => each.at >= at && each.at < at + BETWEEN_MS - 500);
      return Math.max(0, ...after.map((each) => each.at + each.ms - at));
    });
    const longest = Math.round(Math.max(...windows));
    return {
      facts: { restarts: RESTARTS, failedReads: failed.length, errorWindowMs: longest },
      violations:
        longest <= MAY_FAIL_MS ? [] : [`reads failed ${longest} ms after PostgreSQL was back`],
    };
  },
};
