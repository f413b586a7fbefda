import { newKey } from './shop.js';
import type { Make, Sample } from './sample-requests.js';
import type { SampleScene } from './sample-scene.js';

const ACCOUNTS = '/admin/provider-accounts';

/** An account at Stripe that nobody has met, with a secret that proves its events. */
export function accountWish() {
  const name = newKey().replaceAll('-', '');
  return {
    provider: 'stripe',
    account: `acct_${name}`,
    livemode: false,
    webhookSecret: `whsec_${name}`,
  };
}

/** What an operator may ask of a tenant's accounts at providers. */
export function providerAccountSamples(
  scene: SampleScene,
  byAdmin: (path: string) => Sample,
): Record<string, Make> {
  return {
    [`GET ${ACCOUNTS}`]: () => byAdmin(ACCOUNTS),
    [`POST ${ACCOUNTS}`]: () => ({ ...byAdmin(ACCOUNTS), body: accountWish() }),
    [`POST ${ACCOUNTS}/{id}/rotate-secret`]: async () => ({
      ...byAdmin(`${ACCOUNTS}/${await scene.shownAccount()}/rotate-secret`),
      body: { webhookSecret: accountWish().webhookSecret },
    }),
    [`DELETE ${ACCOUNTS}/{id}`]: async () =>
      byAdmin(`${ACCOUNTS}/${await scene.providerAccount()}`),
  };
}
