import fc from 'fast-check';
import { redactSession } from './redact-session.js';
import { isSensitive } from './sensitive-text.js';
import type { Session, SessionAction } from './session.js';

const kept = (action: SessionAction) => redactSession({ actions: [action] }).actions;
const features = (browserFeatures: Session['browserFeatures']) =>
  redactSession({ browserFeatures: browserFeatures ?? {} }).browserFeatures;

describe('actions', () => {
  it('keep what tells people and robots apart', () => {
    const action = { type: 'mousemove', t: 1_768_212_000_000, x: 10.5, y: -3, target: '#buy' };
    expect(kept(action)).toEqual([action]);
    expect(kept({ type: 'keydown', t: 3, key: 'Backspace' })).toEqual([
      { type: 'keydown', t: 3, key: 'Backspace' },
    ]);
  });

  it.each<[string, SessionAction]>([
    ['typed text', { type: 'input', value: 'hunter2' }],
    ['a typed character', { type: 'input', key: 'h' }],
    ['a word in the place of a key', { type: 'input', key: 'hunter2' }],
    ['an unknown member', { type: 'input', password: 'hunter2' }],
    ['an e-mail address as target', { type: 'input', target: 'a.buyer@example.com' }],
    ['a card number as target', { type: 'input', target: 'card 4242 4242 4242 4242' }],
    ['a card number as coordinate', { type: 'input', x: 4_242_424_242_424_242 }],
    ['a card number as time', { type: 'input', t: 4_222_222_222_222 }],
    ['a token as target', { type: 'input', target: 'eyJhbGciOiJSUzI1NiJ9.e30.x' }],
    ['a random secret as target', { type: 'input', target: `a${'k9Xq'.repeat(8)}` }],
    ['NUL', { type: 'input', target: 'a\0b' }],
    ['half a character', { type: 'input', target: 'a\ud800' }],
  ])('lose %s', (_, action) => {
    expect(kept(action)).toEqual([{ type: 'input' }]);
  });

  it('are dropped when their type is no name', () => {
    expect(kept({ type: '4242424242424242' })).toEqual([]);
    expect(kept({ type: 'a b' })).toEqual([]);
  });
});

describe('browser features', () => {
  it('keep what is known of a device', () => {
    const known = {
      userAgent:
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
      webdriver: false,
      screenWidth: 1512,
      languages: 'en-US,en',
      canvasHash: 'b5bb9d8014a0f9b1d61e21e796d78dcc',
      doNotTrack: null,
    };
    expect(features(known)).toEqual(known);
  });

  it('lose what is not known, or is more than it claims to be', () => {
    const told = {
      email: 'a.buyer@example.com',
      platform: 'a.buyer@example.com',
      vendor: '4242-4242-4242-4242',
      language: 'Bearer abcdefghijkl',
      webglVendor: 'sk_live_abcdef',
      timezone: 'x'.repeat(513),
      screenWidth: 4_242_424_242_424_242,
      ['__proto__']: 'x',
    };
    expect(features(told)).toEqual({});
  });
});

describe('sensitive text', () => {
  it.each([
    '4242424242424242',
    '4242 4242 4242 4242',
    '1 4242-4242-4242-4242',
    '378282246310005',
    '00004242424242424242',
    'x@y.z',
    'pi_1_secret_abcdef12',
  ])('is %s', (text) => {
    expect(isSensitive(text)).toBe(true);
  });

  it.each([
    '4242 4242 4241',
    '1234567890123',
    '1768212000',
    'button.buy:nth-child(2)',
    'America/Chicago',
    '',
  ])('is not "%s"', (text) => {
    expect(isSensitive(text)).toBe(false);
  });
});

it('never throws, and lets nothing through that it would refuse a second time', () => {
  const primitive = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
  const session = fc.record({
    actions: fc.array(
      fc
        .tuple(fc.string(), fc.dictionary(fc.string(), primitive))
        .map(([type, members]): SessionAction => ({ ...members, type })),
    ),
    browserFeatures: fc.dictionary(fc.string(), primitive),
  });
  fc.assert(
    fc.property(session, (told) => {
      const once = redactSession(told);
      expect(redactSession(once)).toEqual(once);
    }),
  );
});
