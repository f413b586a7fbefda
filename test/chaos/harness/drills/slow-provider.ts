import { setTimeout as sleep } from 'node:timers/promises';
import { signWebhook } from '../../../../src/sandbox/stripe/webhooks/signature.js';
import { orderOf, PROCESS, query, Shop } from '../../../support/shop.js';
import type { Drill, Scene } from './drill.js';
import { percentile, Probe } from './probe.js';

const LATENCY_MS = 5_000;
const BUYERS = 60;
const FOR_MS = 25_000;
const LIMIT_MS = 250;

/** Row 28: the provider takes five seconds for everything, at ten times the usual load. */
export const SLOW_PROVIDER: Drill = {
  what: `a provider that takes ${LATENCY_MS} ms, ${BUYERS} buyers at once`,
  act: async (scene) => {
    const { stage } = scene;
    const { world, door } = stage;
    await sleep(3_000);
    const reader = await new Shop(world).as(door.url, 'admin');
    const [row] = await query(world, `SELECT id FROM payment_transactions WHERE status = 'PAID'`);
    world.stripe.setLatency(LATENCY_MS);
    const path = `/api/v1/payments/transaction/${String(row?.id)}`;
    let event = 0;
    const probes = {
      reads: new Probe(async () => (await reader.get(path)).status === 200),
      health: new Probe(async () => (await fetch(`${door.url}/health`)).status === 200),
      webhooks: new Probe(() => tell(scene, `evt_slow_${event++}`)),
    };
    const rush = buyAtOnce(scene, Date.now() + FOR_MS);
    await sleep(1_000);
    for (const probe of Object.values(probes)) probe.start();
    const answers = await rush;
    const facts: Record<string, number> = {};
    const violations: string[] = [];
    for (const [name, probe] of Object.entries(probes)) {
      const samples = await probe.stop();
      const p99 = percentile(samples, 99);
      const failed = samples.filter(({ ok }) => !ok).length;
      facts[`${name}P99Ms`] = p99;
      facts[`${name}Asked`] = samples.length;
      if (p99 >= LIMIT_MS) violations.push(`the p99 of ${name} is ${p99} ms`);
      if (failed > 0) violations.push(`${failed} ${name} failed`);
    }
    world.stripe.setLatency(0);
    for (const status of answers) facts[`answers${status}`] = (facts[`answers${status}`] ?? 0) + 1;
    return { facts, violations };
  },
};

async function buyAtOnce({ stage }: Scene, until: number): Promise<number[]> {
  const shop = new Shop(stage.world);
  const event = shop.event({ capacity: 9_000 });
  const statuses: number[] = [];
  const one = async () => {
    const buyer = await shop.buyer(stage.door.url);
    while (Date.now() < until) {
      const { status } = await buyer.pay(PROCESS, orderOf(event));
      statuses.push(status);
      // Told to come back later, people do not come back at once.
      await sleep(status === 503 ? 1_000 : 100);
    }
  };
  await Promise.all(Array.from({ length: BUYERS }, one));
  return statuses;
}

/** A signed event about an intent that nobody knows: stored, and answered. */
async function tell({ stage }: Scene, id: string): Promise<boolean> {
  const object = { id: `pi_${id}`, object: 'payment_intent' };
  const type = 'payment_intent.created';
  const body = JSON.stringify({ id, object: 'event', type, livemode: false, data: { object } });
  const now = Math.trunc(Date.now() / 1_000);
  const { status } = await fetch(`${stage.door.url}/webhooks/stripe`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'stripe-signature': signWebhook(stage.world.secrets.stripeWebhookSecret, now, body),
    },
    body,
  });
  return status === 200;
}
