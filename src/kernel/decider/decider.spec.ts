import { refuse } from '../errors.js';
import { type Decider, decideAndFold, fold } from './decider.js';

/** A counter that goes up to three. */
const counter: Decider<number, { by: number }, 'up'> = {
  initial: 0,
  decide: ({ by }, count) =>
    count + by > 3
      ? refuse('CONFLICT', 'Three is the most.')
      : Array.from({ length: by }, () => 'up' as const),
  evolve: (count) => count + 1,
};

describe('fold', () => {
  it('is the initial state without history', () => {
    expect(fold(counter, [])).toBe(0);
  });

  it('goes on from a given state', () => {
    expect(fold(counter, ['up', 'up'])).toBe(2);
    expect(fold(counter, new Set(['up'] as const), 2)).toBe(3);
  });
});

describe('decideAndFold', () => {
  it('answers the events and the state they lead to', () => {
    expect(decideAndFold(counter, { by: 2 }, 1)).toEqual({ events: ['up', 'up'], state: 3 });
  });

  it('keeps the state where nothing happens', () => {
    expect(decideAndFold(counter, { by: 0 }, 1)).toEqual({ events: [], state: 1 });
  });

  it('passes a refusal through', () => {
    expect(decideAndFold(counter, { by: 3 }, 1)).toEqual({
      refused: 'CONFLICT',
      message: 'Three is the most.',
    });
  });
});
