import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { requestHash } from './idempotency.js';

/** The same value with the members of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('the fingerprint of a request', () => {
  it('does not depend on how its members are ordered, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(requestHash(reversed(body))).toBe(requestHash(body));
      }),
    );
  });

  it('is the same for equal values only', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(requestHash(a) === requestHash(b)).toBe(isDeepStrictEqual(a, b));
      }),
    );
  });

  it.each([
    [{ tickets: [1, 2] }, { tickets: [2, 1] }],
    [{ amount: 1 }, { amount: '1' }],
    [{ amount: 1 }, { amount: 1, orderId: null }],
    [{ a: { b: 1 } }, { a: 1, b: 1 }],
  ])('tells %j from %j', (one, other) => {
    expect(requestHash(one)).not.toBe(requestHash(other));
  });

  it('is the same for a member left out and one that is undefined', () => {
    expect(requestHash({ a: 1, b: undefined })).toBe(requestHash({ a: 1 }));
  });

  it('carries nothing of the body', () => {
    expect(requestHash({ card: '4242424242424242' })).toMatch(/^[\w-]{43}$/);
  });
});
