import type { Uuid } from '../../kernel/ids.js';
import type { PurchaseLimitName } from '../../waiting-room/waiting-room.contract.js';
import type { Sale, Screening } from './sale.js';

/** What was found out about whoever buys. */
export interface Screened {
  /** What the fraud check decided of a purchase that it did not refuse. */
  readonly screening: 'approve' | 'decline' | Exclude<Screening, 'none'>;
  readonly admission: Uuid | null;
  readonly skippedLimits: readonly PurchaseLimitName[];
}

/**
 * The sale as it begins after the check of whoever buys: what a person is to look at is only
 * authorized. Where there is nothing to charge there is nothing to prove or to hold back either.
 */
export function screened(sale: Sale, { screening, admission, skippedLimits }: Screened): Sale {
  const { charge, price } = sale;
  if (screening === 'decline') throw new Error('a purchase that was declined does not begin');
  const asked = screening === 'approve' || price.total === 0 ? 'none' : screening;
  return {
    ...sale,
    admission,
    skippedLimits,
    charge: {
      ...charge,
      screening: asked,
      capture: asked === 'review' ? 'manual' : charge.capture,
    },
  };
}
