import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../../../support/shop.js';
import type { TestWorld } from '../../../support/world.js';
import type { Drill } from './drill.js';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const SELLING_MS = 10_000;

/**
 * Row 24: the application's clock differs from the database's and the provider's by ten minutes.
 * Buyers notice nothing. Where it is ahead, the provider's news look older than a signature may be
 * and are refused; once somebody has set the clock, they are told again, and all is well.
 */
const skewed = (minutes: number): Drill => ({
  what: `the application's clock is off by ${minutes} minutes`,
  impossible: () => (existsSync(LIBRARY) ? undefined : 'libfaketime is not installed'),
  env: {
    LD_PRELOAD: LIBRARY,
    FAKETIME: `${minutes < 0 ? '' : '+'}${minutes}m`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  },
  act: async ({ stage, fleet }) => {
    await sleep(SELLING_MS);
    const { world, door } = stage;
    const told = (await fetch(`${door.url}/health/live`)).headers.get('date') ?? '';
    const off = Math.round((Date.parse(told) - Date.now()) / 60_000);
    const refused = stage.world.stripe.deliveries().pending;
    const [wrong] = await payments(world);
    await fleet.stop();
    await fleet.start();
    await sleep(SELLING_MS);
    const [right] = await payments(world);
    return {
      facts: {
        minutesOff: off,
        refused,
        paid: Number(wrong?.paid),
        paidInAll: Number(right?.paid),
      },
      violations: [
        ...(off === minutes ? [] : [`the clock is off by ${off} minutes: this shows nothing`]),
        ...(refused > 0 || minutes < 0 ? [] : ['the provider was believed whatever the time']),
        ...(Number(wrong?.paid) > 0 ? [] : ['nobody could buy']),
        ...(Number(right?.paid) > Number(wrong?.paid) ? [] : ['nobody could buy afterwards']),
        ...(Number(right?.backwards) === 0
          ? []
          : [`${String(right?.backwards)} payments ended before they began`]),
        ...(Number(right?.expired) === 0
          ? []
          : [`${String(right?.expired)} payments expired at once`]),
      ],
    };
  },
});

const payments = (world: TestWorld) =>
  query(
    world,
    `SELECT count(*) FILTER (WHERE status = 'PAID') AS paid,
      count(*) FILTER (WHERE status = 'PAID' AND updated_at < created_at) AS backwards,
      count(*) FILTER (WHERE status = 'EXPIRED') AS expired
    FROM payment_transactions`,
  );

export const CLOCK_AHEAD = skewed(10);
export const CLOCK_BEHIND = skewed(-10);
