import fc from 'fast-check';
import { formatMicroUsd, microUsd, toMicroUsd } from './micro-usd.js';

describe('a price as a feed writes it', () => {
  it.each([
    ['142.5', 142_500_000n],
    ['0.22', 220_000n],
    ['1', 1_000_000n],
    ['0.2134567891', 213_456n],
    ['1.5e-4', 150n],
    ['999999999.999999', 999_999_999_999_999n],
  ])('%s is %s millionths', (text, expected) => {
    expect(microUsd(text)).toBe(expected);
  });

  it.each([
    '',
    '0',
    '0.0000001',
    '1e-7',
    '-1',
    '+1',
    '1e21',
    'NaN',
    'Infinity',
    '1,5',
    ' 1',
    '0x1',
  ])('%j is none', (text) => {
    expect(microUsd(text)).toBeNull();
  });

  it('keeps every digit that a number in JSON has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (micros) => {
        const written = String(micros / 1e6);
        expect(microUsd(String(JSON.parse(written)))).toBe(BigInt(micros));
      }),
    );
  });
});

describe('an amount in dollars', () => {
  it('is rounded up: a cost is never told too low', () => {
    expect(toMicroUsd(1n, 10n ** 18n, 220_000n)).toBe(1n);
    expect(toMicroUsd(10n ** 18n, 10n ** 18n, 220_000n)).toBe(220_000n);
    expect(toMicroUsd(10n ** 18n + 1n, 10n ** 18n, 220_000n)).toBe(220_001n);
    expect(toMicroUsd(0n, 10n ** 9n, 142_500_000n)).toBe(0n);
  });

  it.each([
    [0n, '0.000000'],
    [5_000n, '0.005000'],
    [1_234_567n, '1.234567'],
  ])('%s reads %s', (amount, text) => {
    expect(formatMicroUsd(amount)).toBe(text);
  });
});
