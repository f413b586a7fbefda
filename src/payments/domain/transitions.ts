/**
 * The payment's life as data: which event leads from which state to which. Several targets mean
 * that the amounts decide ("rest": what is disputed, being refunded, refunded or left). The same
 * rows guard the database (`payment_state_machine`); both are compared at start-up.
 */
export const PAYMENT_STATES = [
  'PENDING',
  'PROCESSING',
  'UNKNOWN',
  'REQUIRES_ACTION',
  'AUTHORIZED',
  'IN_REVIEW',
  'PAID',
  'PAYMENT_FAILED',
  'CANCELLED',
  'EXPIRED',
  'REFUNDING',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'DISPUTED',
] as const;

export type PaymentStatus = (typeof PAYMENT_STATES)[number];

/** Before the first event there is no payment. */
export type StateName = PaymentStatus | 'NONE';

interface Rule {
  readonly from: readonly StateName[];
  readonly event: string;
  readonly to: readonly PaymentStatus[];
}

const OPEN = ['PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION'] as const;
const ENDED = ['PAYMENT_FAILED', 'CANCELLED', 'EXPIRED'] as const;
const REST = ['REFUNDING', 'REFUNDED', 'PARTIALLY_REFUNDED', 'PAID'] as const;

export const RULES: readonly Rule[] = [
  { from: ['NONE'], event: 'payment.initiated', to: ['PENDING'] },
  { from: ['PENDING', 'REQUIRES_ACTION'], event: 'payment.processing', to: ['PROCESSING'] },
  { from: ['PENDING', ...OPEN], event: 'payment.succeeded', to: ['PAID'] },
  { from: ['PENDING', ...OPEN], event: 'payment.cancelled', to: ['CANCELLED'] },
  {
    from: ['PENDING', ...OPEN, 'AUTHORIZED', 'IN_REVIEW'],
    event: 'payment.expired',
    to: ['EXPIRED'],
  },
  { from: ['PROCESSING'], event: 'payment.outcome_unknown', to: ['UNKNOWN'] },
  { from: ['PROCESSING', 'UNKNOWN'], event: 'payment.requires_action', to: ['REQUIRES_ACTION'] },
  { from: OPEN, event: 'payment.authorized', to: ['AUTHORIZED'] },
  { from: OPEN, event: 'payment.failed', to: ['PAYMENT_FAILED'] },
  { from: ['AUTHORIZED'], event: 'payment.review_required', to: ['IN_REVIEW'] },
  { from: ['AUTHORIZED', 'IN_REVIEW'], event: 'payment.captured', to: ['PAID'] },
  { from: ['AUTHORIZED', 'IN_REVIEW'], event: 'payment.voided', to: ['CANCELLED'] },
  { from: ENDED, event: 'payment.succeeded_late', to: ['PAID'] },
  { from: ENDED, event: 'payment.late_refund_required', to: ['REFUNDING'] },
  {
    // From REFUNDED: the provider has paid back what the policy had kept.
    from: ['PAID', 'PARTIALLY_REFUNDED', 'REFUNDING', 'REFUNDED'],
    event: 'refund.initiated',
    to: ['REFUNDING'],
  },
  { from: ['REFUNDING'], event: 'refund.completed', to: REST },
  { from: ['REFUNDING'], event: 'refund.failed', to: REST },
  { from: ['DISPUTED'], event: 'refund.completed', to: ['DISPUTED'] },
  { from: ['DISPUTED'], event: 'refund.failed', to: ['DISPUTED'] },
  {
    from: ['PARTIALLY_REFUNDED', 'REFUNDED', 'REFUNDING', 'DISPUTED'],
    event: 'refund.reversed',
    to: ['DISPUTED', ...REST],
  },
  {
    from: ['PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED'],
    event: 'dispute.opened',
    to: ['DISPUTED'],
  },
  { from: ['DISPUTED'], event: 'dispute.won', to: ['DISPUTED', ...REST] },
  { from: ['DISPUTED'], event: 'dispute.lost', to: ['DISPUTED', ...REST] },
];

/** One row of the table: exactly the columns of `payment_state_machine`. */
export interface Transition {
  readonly from: StateName;
  readonly event: string;
  readonly to: PaymentStatus;
}

export const TRANSITIONS: readonly Transition[] = RULES.flatMap(({ from, event, to }) =>
  from.flatMap((f) => to.map((t) => ({ from: f, event, to: t }))),
);

const targets = new Map<string, readonly PaymentStatus[]>(
  RULES.flatMap((rule) => rule.from.map((from) => [`${from} ${rule.event}`, rule.to] as const)),
);

/** Where `event` may lead from `from`; empty when it may not happen there. */
export function allowedTargets(from: StateName, event: string): readonly PaymentStatus[] {
  return targets.get(`${from} ${event}`) ?? [];
}

/** Is the buyer's money in? Then the provider has nothing more to say about the charge itself. */
export function isSettled(status: StateName): boolean {
  return ['PAID', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED'].includes(status);
}
