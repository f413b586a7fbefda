import { SeededRandom } from '../stripe/faults/random.js';

const WHOLE = 2 ** 32;

/** Draws from common distributions; the seed alone decides them. */
export class Dice {
  private readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  between(low: number, high: number): number {
    return low + ((high - low) * this.random.below(WHOLE)) / WHOLE;
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + this.random.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.between(0, 1) < probability;
  }

  /** Box and Muller's transform. */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.between(0, 1)));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.between(0, 1));
  }

  /** `median` times a factor whose logarithm is normal. */
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(this.normal(0, sigma));
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.random.below(values.length)] ?? values[0];
  }
}
