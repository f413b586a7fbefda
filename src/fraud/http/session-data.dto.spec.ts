import 'reflect-metadata';
import { AppError } from '../../kernel/errors.js';
import { validationPipe } from '../../kernel/http/validation.js';
import { DeviceFingerprint, SessionData, SessionDataDto } from './session-data.dto.js';

class Purchase {
  @DeviceFingerprint()
  readonly deviceFingerprint?: string;

  @SessionData()
  readonly sessionData?: SessionDataDto;
}

const pipe = validationPipe();
const take = (body: unknown): Promise<unknown> =>
  pipe.transform(body, { type: 'body', metatype: Purchase });

/** The fields that were refused, each with its reason. */
async function refusals(body: unknown): Promise<Record<string, string>> {
  try {
    await take(body);
    return {};
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe('VALIDATION_ERROR');
    return Object.fromEntries(error.details.errors?.map((e) => [e.field, e.message]) ?? []);
  }
}

const actions = (count: number, over: object = {}) =>
  Array.from({ length: count }, () => ({ type: 'a', t: 1, ...over }));

it('takes what a page reports', async () => {
  const body = {
    deviceFingerprint: 'fp_8f14e45f:ce-e.1',
    sessionData: {
      actions: [
        { type: 'mousemove', t: 12, x: 1.5, y: 2 },
        { type: 'keydown', key: 'Tab', custom: true },
      ],
      browserFeatures: { platform: 'MacIntel', webdriver: false, plugins: null },
    },
  };
  expect(await take(body)).toEqual(body);
  expect(await refusals({})).toEqual({});
  expect(await refusals({ sessionData: {} })).toEqual({});
});

it.each([null, '', 'seven77', 'x'.repeat(129), 'fp 8f14e45f', 'fp_8f14e45f\n', 12345678])(
  'refuses the fingerprint %j',
  async (deviceFingerprint) => {
    expect(await refusals({ deviceFingerprint })).toEqual({
      deviceFingerprint: expect.stringContaining('8 to 128') as string,
    });
  },
);

it.each<[string, unknown, string]>([
  ['null', null, 'sessionData'],
  ['text', 'x', 'sessionData'],
  ['a list', [], 'sessionData'],
  ['an unknown member', { more: 1 }, 'sessionData.more'],
  ['actions that are no list', { actions: {} }, 'sessionData.actions'],
  ['null actions', { actions: null }, 'sessionData.actions'],
  ['2,001 actions', { actions: actions(2_001) }, 'sessionData.actions'],
  ['an action that is a list', { actions: [[]] }, 'sessionData.actions'],
  ['an action without a type', { actions: [{ t: 1 }] }, 'sessionData.actions'],
  ['a text as coordinate', { actions: actions(1, { x: '0x10' }) }, 'sessionData.actions'],
  ['a coordinate off the screen', { actions: actions(1, { x: 1e308 }) }, 'sessionData.actions'],
  ['a number as target', { actions: actions(1, { target: 1 }) }, 'sessionData.actions'],
  ['an object in an action', { actions: actions(1, { custom: {} }) }, 'sessionData.actions'],
  [
    'an action with 17 members',
    { actions: [{ type: 'a', ...Object.fromEntries(actions(16).map((_, n) => [`m${n}`, 1])) }] },
    'sessionData.actions',
  ],
  ['features that are a list', { browserFeatures: [] }, 'sessionData.browserFeatures'],
  ['an object as feature', { browserFeatures: { a: {} } }, 'sessionData.browserFeatures'],
  ['a long feature', { browserFeatures: { a: 'x'.repeat(513) } }, 'sessionData.browserFeatures'],
  [
    '51 features',
    { browserFeatures: Object.fromEntries(actions(51).map((_, n) => [`f${n}`, n])) },
    'sessionData.browserFeatures',
  ],
  ['more than 64 kB', { actions: actions(1_000, { target: 'x'.repeat(60) }) }, 'sessionData'],
])('refuses %s', async (_, sessionData, field) => {
  expect(Object.keys(await refusals({ sessionData }))).toEqual([field]);
});

it('names the first item that is wrong', async () => {
  const list = [...actions(7), { type: 'a', x: 'left' }, { type: 3 }];
  expect(await refusals({ sessionData: { actions: list } })).toEqual({
    'sessionData.actions': 'item 7 holds a member of the wrong type or size',
  });
});

it('takes 2,000 actions', async () => {
  expect(await refusals({ sessionData: { actions: actions(2_000) } })).toEqual({});
});
