import { assess, type Assessment } from './assess.js';
import type { Place } from './place.js';
import type { TaxRuleBook } from './rules.js';

export interface Occasion {
  readonly state: string;
  readonly place: Place;
  readonly saleDate: string;
}

/**
 * A source of answers. `undefined` passes the question on to the next engine of the list;
 * an answer ends it.
 */
export interface TaxEngine {
  readonly name: string;
  assess(occasion: Occasion): Assessment | undefined;
}

/**
 * The engines in the order they are asked: our rows where every one needed is verified, then those
 * given (a rate service with a cache), then our rows with the state's base rate as an estimate,
 * which always answers.
 */
export function enginesOf(book: TaxRuleBook, between: readonly TaxEngine[] = []): TaxEngine[] {
  const ownRows = ({ state, place, saleDate }: Occasion) => assess(book, state, place, saleDate);
  return [
    {
      name: 'verified rows',
      assess(occasion) {
        const answer = ownRows(occasion);
        return answer.certain ? answer : undefined;
      },
    },
    ...between,
    { name: 'estimate', assess: ownRows },
  ];
}
