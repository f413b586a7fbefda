/** How a line of the provider and an entry of the ledger are called when they tell the same. */
export const MOVEMENTS = [
  'charge',
  'processing_cost',
  'refund',
  'refund_failure',
  'dispute',
  'dispute_reversal',
  'dispute_fee',
  'dispute_fee_return',
  'other',
] as const;

export type Movement = (typeof MOVEMENTS)[number];

/** Kinds of journals that this module posts itself. */
export const PROCESSING_COST = 'processing_cost';
export const DISPUTE_FEE_RETURNED = 'dispute_fee_returned';
/** Payments post it with the dispute, and this module where the provider took it only later. */
export const DISPUTE_FEE = 'dispute_fee';

/** What each kind of journal says on the provider's clearing account (see payments' postings). */
export const MOVEMENT_OF_JOURNAL: Readonly<Record<string, Movement>> = {
  purchase: 'charge',
  late_charge: 'charge',
  [PROCESSING_COST]: 'processing_cost',
  refund_paid: 'refund',
  refund_paid_undone: 'refund_failure',
  dispute_opened: 'dispute',
  dispute_won: 'dispute_reversal',
  [DISPUTE_FEE]: 'dispute_fee',
  [DISPUTE_FEE_RETURNED]: 'dispute_fee_return',
};

/**
 * Two movements that undo each other: where the books know neither, nothing has happened that they
 * would have to know (a refund that failed before it was told of).
 */
export const UNDOES: readonly (readonly [Movement, Movement])[] = [
  ['refund', 'refund_failure'],
  ['dispute', 'dispute_reversal'],
  ['dispute_fee', 'dispute_fee_return'],
];
