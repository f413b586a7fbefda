import fc from 'fast-check';
import { OUTCOMES, type OutcomeKind } from '../../../test/builders/payment.js';
import { freePrice, sale } from '../../../test/builders/sale.js';
import { decideAndFold, fold } from '../../kernel/decider/decider.js';
import { isRefusal } from '../../kernel/errors.js';
import { isOpen, isSettled, type Payment, payment, type PaymentCommand } from './payment.js';
import type { PaymentEvent } from './payment-events.js';
import { TRANSITIONS } from './transitions.js';

const kinds = Object.keys(OUTCOMES) as OutcomeKind[];
const outcomes = fc.record<Extract<PaymentCommand, { type: 'RecordOutcome' }>>({
  type: fc.constant('RecordOutcome'),
  outcome: fc.constantFrom(...kinds).map((kind) => OUTCOMES[kind]),
  holdRegained: fc.boolean(),
});
const screenings = fc.constantFrom('none' as const, 'challenge' as const, 'review' as const);
const initiations = fc.tuple(fc.boolean(), screenings).map(([free, screening]): PaymentCommand => ({
  type: 'Initiate',
  sale: free ? sale({ price: freePrice() }) : sale({ charge: { screening } }),
}));
const commands = fc.array(fc.oneof({ weight: 9, arbitrary: outcomes }, initiations), {
  maxLength: 12,
});
/** A payment that begins, and anything after it. */
const lives = fc
  .tuple(initiations, commands)
  .map(([first, rest]): PaymentCommand[] => [first, ...rest]);

/** Obeys the commands one after the other, as the event store would. */
function live(obeyed: readonly PaymentCommand[]): { state: Payment; history: PaymentEvent[] } {
  let state = payment.initial;
  const history: PaymentEvent[] = [];
  for (const command of obeyed) {
    const decision = decideAndFold(payment, command, state);
    if (isRefusal(decision)) continue;
    history.push(...decision.events);
    state = decision.state;
  }
  return { state, history };
}

const allowed = new Set(TRANSITIONS.map(({ from, event, to }) => `${from} ${event} ${to}`));

describe('any history of commands', () => {
  it('folds to the state it was decided on, also after a trip through JSON', () => {
    fc.assert(
      fc.property(commands, (obeyed) => {
        const { state, history } = live(obeyed);
        expect(fold(payment, history)).toEqual(state);
        expect(fold(payment, JSON.parse(JSON.stringify(history)) as PaymentEvent[])).toEqual(state);
      }),
    );
  });

  it('is a path through the table of transitions', () => {
    fc.assert(
      fc.property(lives, (obeyed) => {
        let state = payment.initial;
        for (const event of live(obeyed).history) {
          const next = payment.evolve(state, event);
          expect(allowed).toContain(`${state.status} ${event.type} ${next.status}`);
          state = next;
        }
      }),
    );
  });

  it('changes nothing when an outcome is told again', () => {
    fc.assert(
      fc.property(lives, outcomes, (obeyed, outcome) => {
        const once = live([...obeyed, outcome]);
        const again = payment.decide(outcome, once.state);
        expect(again).toEqual([]);
      }),
    );
  });

  it('takes the money at most once, and holds it exactly while it is settled', () => {
    fc.assert(
      fc.property(lives, (obeyed) => {
        const { state, history } = live(obeyed);
        if (state.status === 'NONE') throw new Error('a life begins');
        const taken = history.filter(({ type }) =>
          [
            'payment.succeeded',
            'payment.captured',
            'payment.succeeded_late',
            'payment.late_refund_required',
          ].includes(type),
        );
        expect(taken.length).toBe(isSettled(state.status) ? 1 : 0);
        const cents = isSettled(state.status) ? state.sale.price.total : 0;
        expect(state.capturedCents).toBe(cents);
      }),
    );
  });

  it('never frees tickets while the outcome is open', () => {
    const freeing = ['payment.failed', 'payment.cancelled', 'payment.voided'];
    fc.assert(
      fc.property(lives, (obeyed) => {
        const { state, history } = live(obeyed);
        const open = state.status !== 'NONE' && isOpen(state.status);
        expect(open && history.some(({ type }) => freeing.includes(type))).toBe(false);
      }),
    );
  });

  it('folds as well where it began before buyers were screened', () => {
    fc.assert(
      fc.property(lives, (obeyed) => {
        const { state, history } = live(obeyed);
        const stored = JSON.parse(JSON.stringify(history), (name, value: unknown) =>
          ['admission', 'skippedLimits'].includes(name) ? undefined : value,
        ) as PaymentEvent[];
        expect(stored[0]).not.toHaveProperty('sale.skippedLimits');
        expect(fold(payment, stored)).toEqual(state);
      }),
    );
  });

  it('never holds a client secret', () => {
    fc.assert(
      fc.property(lives, (obeyed) => {
        expect(JSON.stringify(live(obeyed))).not.toContain('_secret_');
      }),
    );
  });
});
