import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../../../support/shop.js';
import type { Drill } from './drill.js';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const SELLING_MS = 10_000;

/** Row 24: the application's clock differs from the database's and the provider's by ten minutes. */
const skewed = (minutes: number): Drill => ({
  what: `the application's clock is off by ${minutes} minutes`,
  impossible: () => (existsSync(LIBRARY) ? undefined : 'libfaketime is not installed'),
  env: {
    LD_PRELOAD: LIBRARY,
    FAKETIME: `${minutes < 0 ? '' : '+'}${minutes}m`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  },
  act: async ({ stage }) => {
    await sleep(SELLING_MS);
    const { world, door } = stage;
    const told = (await fetch(`${door.url}/health/live`)).headers.get('date') ?? '';
    const off = Math.round((Date.parse(told) - Date.now()) / 60_000);
    const [row] = await query(
      world,
      `SELECT count(*)::integer AS paid,
        count(*) FILTER (WHERE updated_at < created_at)::integer AS backwards
      FROM payment_transactions WHERE status = 'PAID'`,
    );
    const [expired] = await query(
      world,
      `SELECT count(*)::integer AS n FROM payment_transactions WHERE status = 'EXPIRED'`,
    );
    return {
      facts: { minutesOff: off, paid: row?.paid as number, expired: expired?.n as number },
      violations: [
        ...(off === minutes ? [] : [`the clock is off by ${off} minutes: this shows nothing`]),
        ...(row?.paid === 0 ? ['nobody could buy'] : []),
        ...(row?.backwards === 0
          ? []
          : [`${String(row?.backwards)} payments ended before they began`]),
        ...(expired?.n === 0 ? [] : [`${String(expired?.n)} payments expired at once`]),
      ],
    };
  },
});

export const CLOCK_AHEAD = skewed(10);
export const CLOCK_BEHIND = skewed(-10);
