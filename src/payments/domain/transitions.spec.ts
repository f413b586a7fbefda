import { allowedTargets, PAYMENT_STATES, type StateName, TRANSITIONS } from './transitions.js';

/** The whole life of a payment, as it was decided: from | event | to. */
const DECIDED = `
  NONE                                     | payment.initiated            | PENDING
  PENDING                                  | payment.processing           | PROCESSING
  PENDING                                  | payment.succeeded            | PAID
  PENDING                                  | payment.cancelled            | CANCELLED
  PENDING                                  | payment.expired              | EXPIRED
  PROCESSING                               | payment.outcome_unknown      | UNKNOWN
  PROCESSING, UNKNOWN                      | payment.requires_action      | REQUIRES_ACTION
  REQUIRES_ACTION                          | payment.processing           | PROCESSING
  PROCESSING, UNKNOWN, REQUIRES_ACTION     | payment.succeeded            | PAID
  PROCESSING, UNKNOWN, REQUIRES_ACTION     | payment.authorized           | AUTHORIZED
  PROCESSING, UNKNOWN, REQUIRES_ACTION     | payment.failed               | PAYMENT_FAILED
  PROCESSING, UNKNOWN, REQUIRES_ACTION     | payment.cancelled            | CANCELLED
  PROCESSING, UNKNOWN, REQUIRES_ACTION     | payment.expired              | EXPIRED
  AUTHORIZED                               | payment.review_required      | IN_REVIEW
  AUTHORIZED, IN_REVIEW                    | payment.captured             | PAID
  AUTHORIZED, IN_REVIEW                    | payment.voided               | CANCELLED
  AUTHORIZED, IN_REVIEW                    | payment.expired              | EXPIRED
  PAYMENT_FAILED, CANCELLED, EXPIRED       | payment.succeeded_late       | PAID
  PAYMENT_FAILED, CANCELLED, EXPIRED       | payment.late_refund_required | REFUNDING
  PAID, PARTIALLY_REFUNDED, REFUNDING, REFUNDED | refund.initiated          | REFUNDING
  REFUNDING                                | refund.completed, refund.failed | rest
  DISPUTED                                 | refund.completed, refund.failed | DISPUTED
  PARTIALLY_REFUNDED, REFUNDED, REFUNDING, DISPUTED | refund.reversed     | rest, DISPUTED
  PAID, REFUNDING, PARTIALLY_REFUNDED, REFUNDED     | dispute.opened      | DISPUTED
  DISPUTED                                 | dispute.won, dispute.lost    | rest, DISPUTED
`;

const list = (cell = '') => cell.split(',').map((name) => name.trim());

function decided(): string[] {
  const rest = ['REFUNDING', 'REFUNDED', 'PARTIALLY_REFUNDED', 'PAID'];
  return DECIDED.trim()
    .split('\n')
    .map((row) => row.split('|'))
    .flatMap(([from, events, to]) =>
      list(from).flatMap((f) =>
        list(events).flatMap((event) =>
          list(to)
            .flatMap((t) => (t === 'rest' ? rest : [t]))
            .map((t) => `${f} ${event} ${t}`),
        ),
      ),
    )
    .sort();
}

const rows = TRANSITIONS.map(({ from, event, to }) => `${from} ${event} ${to}`).sort();

describe('the table of transitions', () => {
  it('is the one that was decided, row by row', () => {
    expect(rows).toEqual(decided());
  });

  it('has no row twice', () => {
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('knows every state, and each can be reached from nothing', () => {
    const reached = new Set<StateName>(['NONE']);
    for (let before = -1; before !== reached.size;) {
      before = reached.size;
      TRANSITIONS.filter(({ from }) => reached.has(from)).forEach(({ to }) => reached.add(to));
    }
    expect([...reached].sort()).toEqual(['NONE', ...PAYMENT_STATES].sort());
  });

  it('leads back to no beginning', () => {
    expect(TRANSITIONS.filter(({ to }) => to === 'PENDING')).toEqual([
      { from: 'NONE', event: 'payment.initiated', to: 'PENDING' },
    ]);
  });
});

describe('allowedTargets', () => {
  it('answers every target, and none where the event may not happen', () => {
    expect(allowedTargets('REFUNDING', 'refund.completed')).toEqual([
      'REFUNDING',
      'REFUNDED',
      'PARTIALLY_REFUNDED',
      'PAID',
    ]);
    expect(allowedTargets('PAID', 'payment.failed')).toEqual([]);
    expect(allowedTargets('PAID', 'no such event')).toEqual([]);
  });
});
