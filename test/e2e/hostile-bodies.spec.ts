import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type RunningApp, startApp } from '../support/app.js';
import { flawsOfError, isDocumented, namesField } from '../support/error-envelope.js';
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
import { ApiDocument, propertiesOf, type Property, type Route } from '../support/openapi.js';
import { Rows } from '../support/row-digest.js';
import { type Sample, SampleRequests } from '../support/sample-requests.js';
import { anonymous } from '../support/signers.js';

jest.setTimeout(180_000);

const MAX_EVENT = 256 * 1_024;

let running: RunningApp;
let document: ApiDocument;
let samples: SampleRequests;
let rows: Rows;

beforeAll(async () => {
  // No workers and no webhooks: then every row that appears comes from a request of this test.
  running = await startApp({ ROLE: 'api' });
  running.world.stripe.clearWebhook();
  document = await ApiDocument.of(running.url);
  samples = await SampleRequests.prepare(running);
  rows = await Rows.of(running.world.description.databaseUrl);
});

afterAll(async () => {
  await rows.close();
  await running.close();
});

interface Target {
  readonly route: Route;
  readonly sample: Sample;
  readonly valid: Readonly<Record<string, unknown>>;
  readonly properties: readonly Property[];
}

/** Every route with a body, with a valid request of it. */
async function targets(): Promise<Target[]> {
  return Promise.all(
    document.bodyRoutes.map(async (route) => {
      const sample = await samples.of(route.key);
      const properties = propertiesOf(document, route.body ?? {});
      return { route, sample, valid: sample.body ?? {}, properties };
    }),
  );
}

async function send({ route, sample }: Target, body: Buffer, more: Attack['headers'] = {}) {
  const { method } = route;
  const signer = sample.signer ?? anonymous;
  const response = await fetch(`${running.url}${sample.path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...signer({ method, path: sample.path, body }),
      ...more,
    },
    body: new Uint8Array(body),
  });
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}

/** Members that only another kind of request has: seats, and the alternative to a rate. */
const ALTERNATIVES = new Set(['tickets.0.seatNumbers', 'perTicketCents']);

function valueAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], body);
}

/** Sends every attack and tells each that was not refused as it should be. */
async function refusals(target: Target, attacks: readonly Attack[]): Promise<string[]> {
  const complaints: string[] = [];
  for (const { what, bytes, headers, expected, field } of attacks) {
    const answer = await send(target, bytes, headers);
    const flaws = [
      ...(answer.status === expected ? [] : [`${answer.status} instead of ${expected}`]),
      ...flawsOfError(answer, target.sample.path),
      ...(field === undefined || namesField(answer.text, field) ? [] : [`does not name ${field}`]),
      ...(isDocumented(document, target.route, answer) ? [] : ['not documented']),
    ];
    if (flaws.length > 0) {
      complaints.push(`${target.route.key}, ${what}: ${flaws.join('; ')} ${answer.text}`);
    }
  }
  return complaints;
}

async function expectRefused(attacksOn: (target: Target) => readonly Attack[]): Promise<void> {
  const all = (await targets()).filter(isOurs);
  const before = await rows.digest();
  const complaints: string[] = [];
  for (const target of all) complaints.push(...(await refusals(target, attacksOn(target))));
  expect(complaints).toEqual([]);
  expect(await rows.digest()).toEqual(before);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

/** A provider's event has the provider's shape: it has no schema of ours. */
function isOurs({ properties }: Target): boolean {
  return properties.length > 0;
}

describe('the valid request', () => {
  it('is known for every route with a body, and holds each of its properties', async () => {
    expect(document.bodyRoutes.length).toBeGreaterThan(7);
    for (const { route, valid, properties } of await targets()) {
      const missing = properties
        .map(({ path }) => path.join('.'))
        .filter((path) => !ALTERNATIVES.has(path) && valueAt(valid, path) === undefined);
      expect([route.key, missing]).toEqual([route.key, []]);
    }
  });

  it('is accepted, and stores something where the route is there to store', async () => {
    const readOnly: string[] = [];
    for (const target of await targets()) {
      const before = await rows.digest();
      const answer = await send(target, Buffer.from(JSON.stringify(target.valid)));
      expect([target.route.key, answer.status < 300, answer.text]).toEqual([
        target.route.key,
        true,
        answer.text,
      ]);
      if (JSON.stringify(before) === JSON.stringify(await rows.digest())) {
        readOnly.push(target.route.key);
      }
    }
    expect(readOnly.sort()).toEqual([
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
    for (const target of (await targets()).filter(isOurs)) {
      for (const { path, schema } of target.properties) {
        if (schema.type !== 'integer' || schema.minimum !== 0) continue;
        const written = async (literal: string) => {
          const sample = await samples.of(target.route.key);
          return send(target, Buffer.from(withLiteral(sample.body ?? {}, path, literal)));
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
    (await targets()).filter(({ route }) =>
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
    expect(routes).toHaveLength(2);
    const before = await rows.digest();
    for (const target of routes) {
      const body = Buffer.from(JSON.stringify(target.valid));
      const answer = await send(target, body, { 'idempotency-key': key });
      expect([answer.status, JSON.parse(answer.text)]).toMatchObject([400, { code }]);
    }
    expect(await rows.digest()).toEqual(before);
  });
});

describe("a provider's event", () => {
  const webhook = async () => {
    const target = (await targets()).find(({ route }) => route.key === 'POST /webhooks/{provider}');
    if (!target) throw new Error('the document has no webhook route');
    return target;
  };
  const codeOf = ({ status, text }: { status: number; text: string }) => [
    status,
    (JSON.parse(text) as { code?: string }).code,
  ];

  it('is refused whatever it holds unless its bytes are signed', async () => {
    const target = await webhook();
    const before = await rows.digest();
    const unsigned = { ...target, sample: { ...target.sample, signer: anonymous } };
    const attacks = [
      ...unreadable(target.valid),
      ...notAnObject(),
      ...forbiddenText(target.valid, []),
    ];
    for (const { what, bytes } of attacks.filter(({ bytes: { length } }) => length < MAX_EVENT)) {
      const answer = await send(unsigned, bytes);
      expect([what, ...codeOf(answer)]).toEqual([what, 400, 'INVALID_SIGNATURE']);
    }
    expect(await refusals(target, wrongMedia(target.valid))).toEqual([]);
    expect(await rows.digest()).toEqual(before);
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['lists 20 000 deep', '['.repeat(20_000) + ']'.repeat(20_000)],
  ])('is refused though signed when it is %s', async (_, text) => {
    const target = await webhook();
    const before = await rows.digest();
    const answer = await send(target, Buffer.from(text));
    expect(codeOf(answer)).toEqual([400, 'BAD_REQUEST']);
    expect(flawsOfError(answer, target.sample.path)).toEqual([]);
    expect(await rows.digest()).toEqual(before);
  });

  it.each(['id', 'type', 'livemode', 'data', 'data.object', 'data.object.id'])(
    'is refused though signed when its %s is not one',
    async (path) => {
      const target = await webhook();
      const before = await rows.digest();
      for (const literal of ['null', '[]', '7', '"\\u0000"', '"\\ud800"', `"${'x'.repeat(300)}"`]) {
        const bytes = Buffer.from(withLiteral(target.valid, path.split('.'), literal));
        const answer = await send(target, bytes);
        expect([literal, ...codeOf(answer)]).toEqual([literal, 400, 'BAD_REQUEST']);
      }
      expect(await rows.digest()).toEqual(before);
    },
  );

  it('may hold text that our own routes refuse: the provider means what it signs', async () => {
    const target = await webhook();
    const bytes = Buffer.from(JSON.stringify({ ...target.valid, note: 'a\r\nb\u202e' }));
    expect((await send(target, bytes)).status).toBe(200);
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
    const [target] = (await targets()).filter(isOurs);
    if (!target) throw new Error('no route takes a body');
    const large = [...unreadable(target.valid), ...wrongMedia(target.valid)].filter(
      ({ bytes }) => bytes.length > 50_000,
    );
    expect(large.length).toBeGreaterThan(3);
    const round = async () => {
      for (const { bytes, headers } of large) await send(target, bytes, headers);
    };
    await round();
    const before = await held();
    for (let i = 0; i < 20; i++) await round();
    expect((await held()) - before).toBeLessThan(50 * 1_048_576);
  });
});
