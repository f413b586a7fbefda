import { randomUUID } from 'node:crypto';
import type { Make, Sample } from './sample-requests.js';
import type { SampleScene } from './sample-scene.js';

const HOOKS = '/api/v1/webhooks/endpoints';
const DELIVERIES = '/api/v1/webhooks/deliveries';
const HOOK = {
  url: 'https://tickets.example.com/webhooks',
  eventTypes: ['payment.completed'],
  description: 'Box office',
  enabled: true,
};
const RANGE = {
  from: '2026-01-01T00:00:00Z',
  to: '2099-01-01T00:00:00Z',
  eventTypes: ['webhook.test'],
  cursor: '00000000-0000-7000-8000-000000000000',
};

/** What an administrator may ask of outbound webhooks. */
export function webhookSamples(
  scene: SampleScene,
  byAdmin: (path: string) => Sample,
): Record<string, Make> {
  const ofHook = async (rest: string) => byAdmin(`${HOOKS}/${await scene.shownEndpoint()}${rest}`);
  const ofDelivery = async (rest: string) =>
    byAdmin(`${DELIVERIES}/${await scene.failedDelivery()}${rest}`);
  return {
    [`POST ${HOOKS}`]: () => ({ ...byAdmin(HOOKS), body: HOOK }),
    [`GET ${HOOKS}`]: () => byAdmin(HOOKS),
    [`GET ${HOOKS}/{id}`]: () => ofHook(''),
    [`PATCH ${HOOKS}/{id}`]: async () => ({
      ...(await ofHook('')),
      body: { ...HOOK, description: `Gate ${randomUUID()}` },
    }),
    [`DELETE ${HOOKS}/{id}`]: async () => byAdmin(`${HOOKS}/${await scene.webhookEndpoint()}`),
    [`POST ${HOOKS}/{id}/rotate-secret`]: () => ofHook('/rotate-secret'),
    [`POST ${HOOKS}/{id}/test`]: () => ofHook('/test'),
    [`POST ${HOOKS}/{id}/redeliver`]: async () => {
      await scene.failedDelivery();
      return { ...(await ofHook('/redeliver')), body: RANGE };
    },
    [`GET ${DELIVERIES}`]: async () => {
      await scene.failedDelivery();
      return byAdmin(DELIVERIES);
    },
    [`GET ${DELIVERIES}/{id}`]: () => ofDelivery(''),
    [`POST ${DELIVERIES}/{id}/redeliver`]: () => ofDelivery('/redeliver'),
  };
}
