export const LABELS = ['dispute', 'refund', 'approved', 'rejected'] as const;

export type LabelName = (typeof LABELS)[number];

/** What became of a purchase after it was let through. */
export interface Label {
  readonly label: LabelName;
  /** Of a dispute: how it stands, or ended for us. */
  readonly outcome: 'open' | 'won' | 'lost' | null;
}

/** Of a reviewer's word the opposite, which a later word replaces; null: nothing contradicts it. */
export function oppositeOf(label: LabelName): LabelName | null {
  if (label === 'approved') return 'rejected';
  return label === 'rejected' ? 'approved' : null;
}

/**
 * Was the purchase a fraud, by what is known since? A reviewer's rejection and a dispute that we did
 * not win say so, an approval and a dispute won the opposite. A refund says nothing. The bank has the
 * last word over a reviewer.
 */
export function wasFraud(labels: readonly Label[]): boolean | null {
  const dispute = labels.find(({ label }) => label === 'dispute');
  if (dispute) return dispute.outcome !== 'won';
  if (labels.some(({ label }) => label === 'rejected')) return true;
  return labels.some(({ label }) => label === 'approved') ? false : null;
}
