import fc from 'fast-check';
import { raisedFee, suggestedFee } from './fees.js';

const GWEI = 1_000_000_000n;
const history = (baseFees: bigint[], tips: bigint[][]) => ({
  baseFees,
  tips,
  gasUsedRatios: tips.map(() => 0.5),
});

describe('suggestedFee', () => {
  it('takes the median tip and twice the next base fee', () => {
    const past = history([10n * GWEI, 20n * GWEI, 30n * GWEI], [[40n * GWEI], [50n * GWEI]]);
    const three = { ...past, tips: [...past.tips, [45n * GWEI]] };
    expect(suggestedFee(three, GWEI)).toEqual({
      maxFeePerGas: 105n * GWEI,
      maxPriorityFeePerGas: 45n * GWEI,
    });
  });

  it('leaves empty blocks out', () => {
    const past = history([GWEI], [[0n], [0n], [70n * GWEI], [0n]]);
    expect(suggestedFee(past, GWEI).maxPriorityFeePerGas).toBe(70n * GWEI);
  });

  it('offers no less than nodes take', () => {
    for (const tips of [[], [[0n]], [[GWEI]]]) {
      const fee = suggestedFee(history([100n], tips), 25n * GWEI);
      expect(fee.maxPriorityFeePerGas).toBe(25n * GWEI);
      expect(fee.maxFeePerGas).toBe(25n * GWEI + 200n);
    }
  });

  it('does not believe in any price', () => {
    const mad = 10n ** 30n;
    const fee = suggestedFee(history([mad], [[mad]]), GWEI);
    expect(fee).toEqual({
      maxFeePerGas: 20_000n * GWEI,
      maxPriorityFeePerGas: 10_000n * GWEI,
    });
  });
});

describe('raisedFee', () => {
  const wei = fc.bigInt({ min: 1n, max: 10n ** 14n });
  const fee = fc.record({ tip: wei, rest: wei }).map(({ tip, rest }) => ({
    maxFeePerGas: tip + rest,
    maxPriorityFeePerGas: tip,
  }));

  it('is an eighth more than before in both parts, and no less than suggested', () => {
    fc.assert(
      fc.property(fee, fee, (before, suggested) => {
        const raised = raisedFee(before, suggested);
        for (const part of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
          expect(raised[part] * 8n).toBeGreaterThanOrEqual(before[part] * 9n);
          expect(raised[part]).toBeGreaterThanOrEqual(suggested[part]);
        }
        expect(raised.maxFeePerGas).toBeGreaterThanOrEqual(raised.maxPriorityFeePerGas);
      }),
    );
  });

  it('is what is suggested when that is much more', () => {
    const before = { maxFeePerGas: 8n, maxPriorityFeePerGas: 8n };
    const suggested = { maxFeePerGas: 90n, maxPriorityFeePerGas: 80n };
    expect(raisedFee(before, suggested)).toEqual(suggested);
    expect(raisedFee(before, before)).toEqual({ maxFeePerGas: 9n, maxPriorityFeePerGas: 9n });
  });
});
