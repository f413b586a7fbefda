import type { PurchaseToCheck } from './purchase-to-check.js';
import { SubjectKeys } from './subject-keys.js';

const TENANT = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b01';
const card = { type: 'card', value: 'Xt5EWLLDS7FJjR1c' } as const;

const purchase = (over: Partial<PurchaseToCheck>): PurchaseToCheck => ({
  ...{ tenantId: TENANT, paymentId: 'p', userId: 'u', venueId: 'v', eventId: 'e', attemptId: 'a' },
  ...{ quantity: 1, amountCents: 1, currency: 'USD', highDemand: false, paymentMethod: null },
  signals: { tenantId: TENANT, userId: 'u', at: new Date(0), retentionDays: 30 },
  at: new Date(0),
  ...over,
});

it('hashes by a key: whoever has the rows and guesses values has nothing without it', () => {
  const [one] = new SubjectKeys(['secret-a']).hashes(TENANT, card);
  const [other] = new SubjectKeys(['secret-b']).hashes(TENANT, card);
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(other).not.toBe(one);
});

it('different tenants, types and values have different hashes', () => {
  const keys = new SubjectKeys(['secret-a']);
  const hashes = [
    keys.hashes(TENANT, card),
    keys.hashes(TENANT, { ...card, type: 'device' }),
    keys.hashes(TENANT, { ...card, value: 'another' }),
    keys.hashes('01945a3c-2b7e-7c11-9a44-5d1f0c6a7b02', card),
  ];
  expect(new Set(hashes.flat()).size).toBe(4);
  expect(keys.hashes(TENANT.toUpperCase(), card)).toEqual(keys.hashes(TENANT, card));
});

it('while an older secret stands behind its successor, what was stored by it is found', () => {
  const [old] = new SubjectKeys(['secret-a']).hashes(TENANT, card);
  const renewed = new SubjectKeys(['secret-b', 'secret-a']);
  expect(renewed.hashes(TENANT, card)).toEqual([
    new SubjectKeys(['secret-b']).hashes(TENANT, card)[0],
    old,
  ]);
  expect(renewed.listed(purchase({ paymentMethod: card.value }))).toContain(old);
});

it('asks the lists for what a purchase tells, and for nothing else', () => {
  const keys = new SubjectKeys(['secret-a']);
  expect(keys.listed(purchase({}))).toHaveLength(1);
  expect(keys.devices(purchase({}))).toEqual([]);
  const billingAddress = { line1: '1 A St', city: 'B', postalCode: '37203', country: 'US' };
  const { signals } = purchase({});
  const told = { ...signals, ip: '198.51.100.7', deviceFingerprint: 'fp_8f14e45f' };
  const full = purchase({ paymentMethod: 'card', billingAddress, signals: told });
  expect(new Set(keys.listed(full)).size).toBe(5);
  expect(keys.listed(full)).toContain(keys.devices(full)[0]);
});

it.each(['198.51.100.7:51234', '::ffff:198.51.100.7', '[::ffff:198.51.100.7]:51234'])(
  'finds who is listed by an address that a proxy tells as %s',
  (ip) => {
    const keys = new SubjectKeys(['secret-a']);
    const from = (seen: string) =>
      keys.listed(purchase({ signals: { ...purchase({}).signals, ip: seen } }));
    expect(from(ip)).toEqual(from('198.51.100.7'));
    expect(from(ip)).toHaveLength(2);
  },
);

it('needs a secret', () => {
  expect(() => new SubjectKeys([])).toThrow('no secret');
});
