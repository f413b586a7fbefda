import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type Attack,
  forbiddenText,
  massAssignment,
  notAnObject,
  unreadable,
  withLiteral,
  wrongMedia,
} from '../support/hostile-bodies.js';
import { wrongValues } from '../support/hostile-values.js';
import { type Target, TargetRange } from '../support/targets.js';

jest.setTimeout(180_000);

let range: TargetRange;

beforeAll(async () => {
  range = await TargetRange.open();
});

afterAll(() => range.close());

/** Members that only another kind of request has: seats, the alternatives to a rate, an amount and an address. */
const ALTERNATIVES = new Set(['tickets.0.seatNumbers', 'perTicketCents', 'ticketIds', 'value']);

function valueAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], body);
}

async function expectRefused(attacksOn: (target: Target) => readonly Attack[]): Promise<void> {
  const all = (await range.targets()).filter(isOurs);
  const before = await range.rows.digest();
  const complaints: string[] = [];
  for (const target of all) complaints.push(...(await range.complaints(target, attacksOn(target))));
  expect(complaints).toEqual([]);
  expect(await range.rows.digest()).toEqual(before);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

/** A provider's event has the provider's shape: it has no schema of ours. */
function isOurs({ properties }: Target): boolean {
  return properties.length > 0;
}

describe('the valid request', () => {
  it('is known for every route with a body, and holds each of its properties', async () => {
    expect(range.document.bodyRoutes.length).toBeGreaterThan(7);
    for (const { route, valid, properties } of await range.targets()) {
      const missing = properties
        .map(({ path }) => path.join('.'))
        .filter((path) => !ALTERNATIVES.has(path) && valueAt(valid, path) === undefined);
      expect([route.key, missing]).toEqual([route.key, []]);
    }
  });

  it('is accepted, and stores something where the route is there to store', async () => {
    const readOnly: string[] = [];
    for (const target of await range.targets()) {
      const before = await range.rows.digest();
      const answer = await range.send(target, Buffer.from(JSON.stringify(target.valid)));
      expect([target.route.key, answer.status < 300, answer.text]).toEqual([
        target.route.key,
        true,
        answer.text,
      ]);
      if (JSON.stringify(before) === JSON.stringify(await range.rows.digest())) {
        readOnly.push(target.route.key);
      }
    }
    expect(readOnly.sort()).toEqual([
      'POST /admin/fraud/backtest',
      'POST /api/v1/payments/calculate-fees',
      'POST /internal/calculate-tax',
    ]);
  });
});

describe('every route with a body refuses, storing nothing,', () => {
  it('what cannot be read', () => expectRefused(({ valid }) => unreadable(valid)));

  it('what is no object', () => expectRefused(notAnObject));

  it('other media types, encodings and sizes', () =>
    expectRefused(({ valid }) => wrongMedia(valid)));

  it('text that could not be stored or would deceive', () =>
    expectRefused(({ valid, properties }) => forbiddenText(valid, properties)));

  it('values of the wrong type, form or size, and missing ones', () =>
    expectRefused(({ valid, properties }) => wrongValues(valid, properties)));

  it('a session of more than 64 kB', () =>
    expectRefused(({ route, valid }) => {
      if (route.key !== 'POST /api/v1/payments/process') return [];
      const action = JSON.stringify({ type: 'click', target: 'x'.repeat(100) });
      const actions = `[${Array(600).fill(action).join()}]`;
      const bytes = Buffer.from(withLiteral(valid, ['sessionData', 'actions'], actions));
      return [{ what: 'a long session', bytes, expected: 422, field: 'sessionData' }];
    }));

  it('members that are not for the caller to set', () =>
    expectRefused(({ valid }) =>
      massAssignment(valid, ['userId', 'venueId', 'price', 'discount']),
    ));
});

describe('numbers', () => {
  it('reads −0 as 0', async () => {
    for (const target of (await range.targets()).filter(isOurs)) {
      for (const { path, schema } of target.properties) {
        if (schema.type !== 'integer' || schema.minimum !== 0) continue;
        const written = async (literal: string) => {
          const sample = await range.samples.of(target.route.key);
          return range.send(target, Buffer.from(withLiteral(sample.body ?? {}, path, literal)));
        };
        const [zero, negative] = [await written('0'), await written('-0')];
        expect([target.route.key, path, negative.status]).toEqual([
          target.route.key,
          path,
          zero.status,
        ]);
        expect(negative.text).not.toMatch(/-0\b/);
      }
    }
  });
});

describe('the idempotency key', () => {
  const keyed = async () =>
    (await range.targets()).filter(({ route }) =>
      route.operation.parameters?.some(
        ({ name, required }) => name === 'Idempotency-Key' && required,
      ),
    );

  it.each([
    ['none', '', 'IDEMPOTENCY_KEY_MISSING'],
    ['text', 'order-1', 'IDEMPOTENCY_KEY_INVALID'],
    ['an encoded line break', '%0d%0aX-Injected: 1', 'IDEMPOTENCY_KEY_INVALID'],
    ['a formula', "=cmd|' /C calc'!A0", 'IDEMPOTENCY_KEY_INVALID'],
    ['a UUID and more', '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21;x', 'IDEMPOTENCY_KEY_INVALID'],
    ['SQL', "' OR 1=1 --", 'IDEMPOTENCY_KEY_INVALID'],
    ['9 kB', 'a'.repeat(9_000), 'IDEMPOTENCY_KEY_INVALID'],
  ])('is not %s', async (_, key, code) => {
    const routes = await keyed();
    expect(routes.length).toBeGreaterThanOrEqual(5);
    const before = await range.rows.digest();
    for (const target of routes) {
      const body = Buffer.from(JSON.stringify(target.valid));
      const answer = await range.send(target, body, { 'idempotency-key': key });
      expect([answer.status, JSON.parse(answer.text)]).toMatchObject([400, { code }]);
    }
    expect(await range.rows.digest()).toEqual(before);
  });
});

/** Bytes that are still referenced, on the heap and beside it. */
async function held(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await nextTurn();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('memory', () => {
  it('does not keep what was refused', async () => {
    const [target] = (await range.targets()).filter(isOurs);
    if (!target) throw new Error('no route takes a body');
    const large = [...unreadable(target.valid), ...wrongMedia(target.valid)].filter(
      ({ bytes }) => bytes.length > 50_000,
    );
    expect(large.length).toBeGreaterThan(3);
    const round = async () => {
      for (const { bytes, headers } of large) await range.send(target, bytes, headers);
    };
    await round();
    const before = await held();
    for (let i = 0; i < 20; i++) await round();
    expect((await held()) - before).toBeLessThan(50 * 1_048_576);
  });
});
