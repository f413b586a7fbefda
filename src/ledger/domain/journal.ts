import type { Uuid } from '../../kernel/ids.js';
import { type Cents, MoneyError } from '../../kernel/money/index.js';
import type { AccountName } from './accounts.js';

/** One line of a journal: `amount` cents on `account`, positive for a debit. `code` names the line. */
export interface Posting {
  readonly account: AccountName;
  readonly amount: Cents;
  readonly code: string;
}

/** A balanced movement of money in one currency, caused by `referenceId` (a payment, a refund …). */
export interface Journal {
  readonly id: Uuid;
  readonly kind: string;
  readonly referenceId: Uuid;
  readonly currency: string;
  /** The day at the venue, `YYYY-MM-DD`. */
  readonly businessDate: string;
  readonly postings: readonly Posting[];
}

/** A journal without its empty lines. Throws where the rest does not sum to zero: that is a bug. */
export function journal(draft: Journal): Journal {
  const postings = draft.postings.filter((posting) => posting.amount !== 0n);
  const total = postings.reduce((a, posting) => a + posting.amount, 0n);
  if (total !== 0n) throw new MoneyError(`${draft.kind} ${draft.referenceId} is off by ${total}`);
  if (postings.length < 2) throw new MoneyError(`${draft.kind} ${draft.referenceId} moves nothing`);
  return { ...draft, postings };
}
