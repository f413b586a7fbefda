import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../../../support/shop.js';
import type { Drill } from './drill.js';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const SELLING_MS = 10_000;

/** Row 24: the application's clock differs from the database's and the provider's by ten minutes. */
const skewed = (offset: string): Drill => ({
  what: `the application's clock is off by ${offset}`,
  impossible: () => (existsSync(LIBRARY) ? undefined : 'libfaketime is not installed'),
  env: { LD_PRELOAD: LIBRARY, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' },
  act: async ({ stage }) => {
    await sleep(SELLING_MS);
    const { world } = stage;
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
      facts: { paid: row?.paid as number, expired: expired?.n as number },
      violations: [
        ...(row?.paid === 0 ? ['nobody could buy'] : []),
        ...(row?.backwards === 0
          ? []
          : [`${String(row?.backwards)} payments ended before they began`]),
        ...(expired?.n === 0 ? [] : [`${String(expired?.n)} payments expired at once`]),
      ],
    };
  },
});

export const CLOCK_AHEAD = skewed('+10m');
export const CLOCK_BEHIND = skewed('-10m');
