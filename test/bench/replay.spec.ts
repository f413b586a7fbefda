import { sql, type Statement } from '../../src/kernel/postgres/sql.js';
import { purchasesIn, replayable, write } from './replay.js';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const TENANT = '0195a3c2-2b7e-7c11-9a44-5d1f0c6a7b21';
const PAYMENT = '0195a3c2-2b7e-7c11-9a44-5d1f0c6a7b22';
const BUYER = '0195a3c2-2b7e-7c11-9a44-5d1f0c6a7b23';
const OTHER_BUYER = '0195a3c2-2b7e-7c11-9a44-5d1f0c6a7b24';
const CARD = '00112233445566778899aabbccddeeff';
const KEY = 'b1a7a1f0-6c0e-4d53-8a5e-0d6f3d1f2a11';
const REFERENCE = 'pi_3AbCdEfGhIjKlMnOpQrStUv1';

const sent = ({ text, name, values }: Statement) => ({
  text,
  name,
  values: values as (string | null)[],
});

const begin = [
  sent(sql`BEGIN`),
  sent(sql`INSERT INTO payment_idempotency VALUES (${TENANT}, ${KEY}, ${PAYMENT})`),
];
const finish = [
  sent(sql`UPDATE payment_idempotency SET response = ${`{"id":"${PAYMENT}","pi":"${REFERENCE}"}`}`),
  sent(sql`SELECT ${'2026-03-01T11:59:58.123Z'}, ${'2026-05-01T20:00:00.000Z'}, ${null}`),
  sent(sql`SELECT ${BUYER}, ${`{"${BUYER}","${CARD}"}`}`),
];
const recorded = { begin, finish };
const common = { kept: new Set([TENANT]), buyers: new Set([BUYER, OTHER_BUYER]) };
const again = () => write(replayable(recorded, common, NOW), OTHER_BUYER);

describe('a recording', () => {
  const line = (statements: object[]) => JSON.stringify(statements);

  it('is read as purchases, whatever else the application did meanwhile', () => {
    const other = [sent(sql`UPDATE outbox SET processed_at = now()`)];
    const text = [line(begin), line(other), line(finish), ''].join('\n');
    expect(purchasesIn(text)).toEqual([recorded]);
  });

  it('whose last purchase was cut off is refused', () => {
    expect(() => purchasesIn(line(begin))).toThrow('no second transaction');
  });
});

describe('a purchase that is written again', () => {
  it('has other ids, the same ones in both transactions and of the same length', () => {
    const written = again();
    const [tenant, key, payment] = (written.begin[1]?.values ?? []) as string[];
    expect(tenant).toBe(TENANT);
    expect(key).not.toBe(KEY);
    expect(key).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/);
    expect(payment).not.toBe(PAYMENT);
    expect(payment).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    const response = String(written.finish[0]?.values[0]);
    const original = String(finish[0]?.values[0]);
    expect(response).toContain(payment);
    expect(response).not.toContain(REFERENCE);
    expect(response).toHaveLength(original.length);
  });

  it('happens now, for an event that takes place when it did', () => {
    const [at, startsAt, nothing] = again().finish[1]?.values ?? [];
    expect(Math.abs(Date.parse(String(at)) - Date.now())).toBeLessThan(60_000);
    expect(startsAt).toBe('2026-05-01T20:00:00.000Z');
    expect(nothing).toBeNull();
  });

  it('is its own buyer’s, and counted by another card', () => {
    const [buyer, counted] = (again().finish[2]?.values ?? []) as string[];
    expect(buyer).toBe(OTHER_BUYER);
    expect(counted).toMatch(new RegExp(`^\\{"${OTHER_BUYER}","[\\da-f]{32}"\\}$`));
    expect(counted).not.toContain(CARD);
  });

  it('never has the ids of another one', () => {
    const payments = Array.from({ length: 50 }, () => again().begin[1]?.values[2]);
    expect(new Set(payments).size).toBe(50);
  });
});
