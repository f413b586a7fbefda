import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { CARDS } from '../../src/sandbox/cards.js';
import { answerParent } from './child.js';
import type { Buyer, Target } from './emulators.js';

/** Buy for a while, or so many times. */
export interface Shopping {
  readonly url: string;
  /** Each has a kept-alive connection of its own and waits for its answer before it asks again. */
  readonly clients: number;
  readonly targets: readonly Target[];
  readonly buyers: readonly Buyer[];
  readonly seconds?: number;
  readonly count?: number;
}

export interface Shopped {
  /** Of every purchase that was paid, in the order of their answers. */
  readonly latenciesMs: Float64Array;
}

/** Purchases begun since the start: nobody buys the same again in a later slice. */
let begun = 0;

answerParent(async (shopping: Shopping) => {
  const { clients, seconds = Infinity, count = Infinity } = shopping;
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const enough = begun + count;
  const shop = async (): Promise<void> => {
    const client = new Client(shopping.url, { keepAliveTimeout: 60_000 });
    while (performance.now() < end && begun < enough) {
      const request = requestOf(shopping, begun++);
      const from = performance.now();
      const answer = await client.request(request);
      const text = await answer.body.text();
      latencies.push(performance.now() - from);
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${text}`);
    }
    await client.close();
  };
  await Promise.all(Array.from({ length: clients }, shop));
  // What the application does after its last answer is not the next slice's.
  await sleep(0);
  return { latenciesMs: Float64Array.from(latencies) };
});

/** The nth purchase: venues and buyers in turn, at different steps, so that every pair occurs. */
function requestOf({ targets, buyers }: Shopping, n: number): Parameters<Client['request']>[0] {
  const target = targets[n % targets.length];
  const index = (n + Math.floor(n / targets.length)) % buyers.length;
  const buyer = buyers[index];
  if (!target || !buyer) throw new Error('nobody to buy, or nothing');
  return {
    method: 'POST',
    path: '/api/v1/payments/process',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${buyer.token}`,
      'idempotency-key': randomUUID(),
      'x-forwarded-for': `10.0.${index >> 8}.${index & 255}`,
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    },
    body: JSON.stringify(order(target, index)),
  };
}

/** A purchase as the specification shows it: two tickets, a device, a short session. */
function order(target: Target, device: number): object {
  return {
    venueId: target.venueId,
    eventId: target.eventId,
    tickets: [{ ticketTypeId: target.ticketTypeId, quantity: 2, price: target.priceCents }],
    paymentMethod: { type: 'card', paymentMethodId: `${CARDS.ok}_no_${device}` },
    deviceFingerprint: `fp_${String(device).padStart(16, '0')}`,
    sessionData: {
      actions: Array.from({ length: 8 }, (_, i) => ({
        type: i % 4 === 3 ? 'click' : 'mousemove',
        t: 1_000 + i * 137,
        x: 100 + i * 31,
        y: 200 + i * 17,
      })),
      browserFeatures: { platform: 'Linux x86_64', webdriver: false, screenWidth: 1920 },
    },
  };
}
