import { type Difference, identityOf, overdue } from './difference.js';
import { explain } from './explain.js';
import { planOf } from './plan.js';
import type { Unpaired } from './unpaired.js';

const NOW = new Date('2026-01-12T10:00:00Z');
const LONG_AGO = new Date('2026-01-12T09:00:00Z');

let next = 0;
const side = (over: Partial<Unpaired>): Unpaired => ({
  side: 'provider',
  id: `side_${++next}`,
  paymentId: 'payment',
  movement: 'refund',
  kind: 'refund',
  source: 're_1',
  reference: 'pi_1',
  cents: -500n,
  currency: 'USD',
  at: LONG_AGO,
  paymentOpen: false,
  ...over,
});

const named = (differences: readonly Difference[]) =>
  differences.map(({ cause, movement, cents, fix }) => [cause, movement, Number(cents), fix]);

describe('what stands alone', () => {
  it.each([
    ['a refund nobody booked', [side({})], [['not_booked', 'refund', -500, 'review']]],
    [
      'a charge of a payment that is open',
      [side({ movement: 'charge', cents: 900n, paymentOpen: true })],
      [['not_booked', 'charge', 900, 'review']],
    ],
    [
      'a charge of a payment that is settled, which asking again cannot mend',
      [side({ movement: 'charge', cents: 900n })],
      [['not_booked', 'charge', 900, null]],
    ],
    [
      'a charge of nobody',
      [side({ movement: 'charge', cents: 900n, paymentId: null })],
      [['charge_without_payment', 'charge', 900, null]],
    ],
    [
      'a refund of nobody',
      [side({ paymentId: null })],
      [['movement_without_payment', 'refund', -500, null]],
    ],
    [
      'an entry the provider knows nothing of',
      [side({ side: 'ledger' })],
      [['missing_at_provider', 'refund', 500, null]],
    ],
    [
      'an entry of this minute, which the provider may still list',
      [side({ side: 'ledger', at: NOW })],
      [['in_transit', 'refund', 500, 'wait']],
    ],
    [
      'two amounts of one movement',
      [side({ cents: -400n }), side({ side: 'ledger', cents: -500n })],
      [['amount_differs', 'refund', 100, null]],
    ],
    [
      'a refund and its failure before anybody had heard of either',
      [side({}), side({ movement: 'refund_failure', cents: 500n })],
      [],
    ],
    [
      'a failure of a refund that was booked',
      [side({ movement: 'refund_failure', cents: 500n })],
      [['not_booked', 'refund_failure', 500, 'review']],
    ],
    [
      'a dispute’s fee that was returned before it was booked',
      [
        side({ movement: 'dispute_fee', cents: -1500n }),
        side({ movement: 'dispute_fee_return', cents: 1500n }),
      ],
      [],
    ],
    [
      'the same movement in another currency is another one',
      [side({ currency: 'EUR' }), side({ side: 'ledger', cents: -400n })],
      [
        ['not_booked', 'refund', -500, 'review'],
        ['missing_at_provider', 'refund', 400, null],
      ],
    ],
  ] as const)('%s', (_, unpaired, expected) => {
    expect(named(explain(unpaired, NOW))).toEqual(expected);
  });

  it('of two charges nobody claims, neither undoes a refund of the other', () => {
    const alone = [
      side({ paymentId: null }),
      side({ paymentId: null, movement: 'refund_failure', cents: 500n }),
    ];
    expect(explain(alone, NOW)).toHaveLength(2);
  });
});

describe('a plan', () => {
  const refund = () => explain([side({ id: 'line' })], NOW);
  const sums = (provider: bigint, ledger: bigint) => ({
    provider: new Map([['USD', provider]]),
    ledger: new Map([['USD', ledger]]),
  });
  const plan = (over: Partial<Parameters<typeof planOf>[0]> = {}) =>
    planOf({
      runId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21',
      differences: refund(),
      open: [],
      sums: sums(500n, 1_000n),
      now: NOW,
      ...over,
    });

  it('keeps the id of what was open, and resolves what is gone', () => {
    const [first] = plan().seen;
    const again = plan({
      runId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b22',
      open: [
        { id: first?.id ?? '', identity: first ? identityOf(first) : '', cause: 'not_booked' },
        { id: 'other', identity: 'not_booked refund other', cause: 'not_booked' },
      ],
    });
    expect(again.seen.map(({ id }) => id)).toEqual([first?.id]);
    expect(again.gone.map(({ id }) => id)).toEqual(['other']);
    expect(again.figures).toMatchObject({ opened: 0, resolved: 1, open: 1 });
  });

  it('names what no difference explains', () => {
    const { seen, figures } = plan({ sums: sums(500n, 900n) });
    expect(named(seen)).toEqual([
      ['not_booked', 'refund', -500, 'review'],
      ['unexplained', 'none', 100, null],
    ]);
    expect(figures.balances).toMatchObject([{ differenceCents: -400, explainedCents: -500 }]);
  });

  it('gives a human what the machine has not mended in a day', () => {
    const [difference] = refund();
    if (!difference) throw new Error('there is one');
    const day = 24 * 3_600_000;
    expect(overdue(difference, new Date(LONG_AGO.getTime() + day)).fix).toBe('review');
    expect(overdue(difference, new Date(LONG_AGO.getTime() + day + 1)).fix).toBeNull();
  });
});
