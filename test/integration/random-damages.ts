/** The same seed and number give the same damages: `SEED=7 DAMAGES=5000 npx jest …`. */
export const SEED = Number(process.env.SEED ?? 1);

/** Of how many things are damaged in all, a little more than half is the auditor's to name. */
const TOTAL = Number(process.env.DAMAGES ?? 500);

/** Ledgers, each damaged in up to three ways, that the reconciliation is shown. */
export const FOR_THE_RECONCILIATION = Math.floor(TOTAL * 0.48);

/** Damages that the auditor is shown, a few at a time. */
export const FOR_THE_AUDITOR = TOTAL - FOR_THE_RECONCILIATION;

/** Numbers that are the same in every test run with the same seed. */
export class Dice {
  constructor(private state: number) {}

  /** From 0 up to, not including, `sides`. */
  below(sides: number): number {
    // Numerical Recipes' linear congruential generator.
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * sides);
  }

  /** Takes one out of a list. */
  draw<T>(from: T[]): T {
    const [drawn] = from.splice(this.below(from.length), 1);
    if (drawn === undefined) throw new Error('nothing is left to draw');
    return drawn;
  }
}
