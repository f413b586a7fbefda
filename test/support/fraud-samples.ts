import { FraudCheck, type PurchaseToCheck, RULE_SET_V1 } from '../../src/fraud/fraud.contract.js';
import { newId } from '../../src/kernel/ids.js';
import { Database } from '../../src/kernel/postgres/database.js';
import type { RunningApp } from './app.js';
import type { Make, Sample } from './sample-requests.js';

const FRAUD = '/admin/fraud';

const { version: _, ...RULES } = RULE_SET_V1;

/** A purchase by nobody in particular, of a tenant. */
export function purchaseToCheck(
  over: Partial<PurchaseToCheck> & { tenantId: string },
): PurchaseToCheck {
  const { userId = newId(), at = new Date() } = over;
  return {
    ...{ paymentId: newId(), userId, venueId: newId(), eventId: newId(), attemptId: newId() },
    highDemand: false,
    ...{ quantity: 2, amountCents: 11_845, currency: 'USD', paymentMethod: null, at },
    signals: { tenantId: over.tenantId, userId, at, retentionDays: 30 },
    ...over,
  };
}

/** What an administrator may ask of fraud prevention. */
export function fraudSamples(
  running: RunningApp,
  byAdmin: (path: string) => Sample,
): Record<string, Make> {
  const { tenantId } = running.world.cast;
  let shown: Promise<string> | undefined;
  /** One decision does for everybody: nothing changes it. */
  const decision = () => (shown ??= decide(running, tenantId));
  const made = async (path: string, body: object) => {
    const token = await running.world.identities.tokenOf('admin');
    const answer = await fetch(`${running.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return `${path}/${((await answer.json()) as { id: string }).id}`;
  };
  return {
    [`GET ${FRAUD}/lists`]: () => byAdmin(`${FRAUD}/lists`),
    [`POST ${FRAUD}/lists`]: () => ({ ...byAdmin(`${FRAUD}/lists`), body: addressWish() }),
    [`DELETE ${FRAUD}/lists/{id}`]: async () => byAdmin(await made(`${FRAUD}/lists`, entryWish())),
    [`GET ${FRAUD}/known-scalpers`]: () => byAdmin(`${FRAUD}/known-scalpers`),
    [`POST ${FRAUD}/known-scalpers`]: () => ({
      ...byAdmin(`${FRAUD}/known-scalpers`),
      body: scalperWish(),
    }),
    [`DELETE ${FRAUD}/known-scalpers/{id}`]: async () =>
      byAdmin(await made(`${FRAUD}/known-scalpers`, scalperWish())),
    [`GET ${FRAUD}/rule-sets`]: () => byAdmin(`${FRAUD}/rule-sets`),
    [`POST ${FRAUD}/rule-sets`]: () => ({
      ...byAdmin(`${FRAUD}/rule-sets`),
      body: { version: `of-${newId()}`, rules: RULES, activeFrom: '2031-01-01T00:00:00Z' },
    }),
    [`POST ${FRAUD}/backtest`]: () => ({
      ...byAdmin(`${FRAUD}/backtest`),
      body: {
        version: 'strict',
        rules: RULES,
        from: '2026-01-01T00:00:00Z',
        to: '2031-01-01T00:00:00Z',
      },
    }),
    [`GET ${FRAUD}/decisions`]: async () => {
      await decision();
      return byAdmin(`${FRAUD}/decisions`);
    },
    [`GET ${FRAUD}/decisions/{id}`]: async () => byAdmin(`${FRAUD}/decisions/${await decision()}`),
    [`POST ${FRAUD}/decisions/{id}/replay`]: async () =>
      byAdmin(`${FRAUD}/decisions/${await decision()}/replay`),
  };
}

/** A purchase that is checked and let through; answers the decision's id. */
async function decide({ app }: RunningApp, tenantId: string): Promise<string> {
  const [userId, at] = [newId(), new Date()];
  const deviceFingerprint = `fp_${newId()}`;
  const signals = { tenantId, userId, at, deviceFingerprint, retentionDays: 30 };
  const { id, record } = await app
    .get(FraudCheck, { strict: false })
    .check(purchaseToCheck({ tenantId, userId, at, signals }));
  await app.get(Database).transact(tenantId, record);
  return id;
}

const entryWish = () => ({
  kind: 'block',
  subjectType: 'user',
  value: newId(),
  reason: 'Resold 40 tickets in March',
  until: '2031-01-01T00:00:00Z',
});

const addressWish = () => ({
  kind: 'block',
  subjectType: 'address',
  billingAddress: {
    line1: `${newId()} Broadway`,
    line2: 'Apt 4B',
    city: 'Nashville',
    state: 'TN',
    postalCode: '37203',
    country: 'US',
  },
  reason: 'Resold 40 tickets in March',
  until: '2031-01-01T00:00:00Z',
});

const scalperWish = () => ({
  userId: newId(),
  deviceFingerprint: `fp_${newId()}`,
  reason: 'Resold 40 tickets in March',
  confidence: 0.9,
});
