/**
 * What other modules may know of the ledger. An amount is signed, in cents: a debit is positive, a
 * credit negative. Accounts are names, made here so that none is ever misspelt.
 */
export { account, type AccountName, type TaxKind, type VenueBucket } from './domain/accounts.js';
export { type Journal, type Posting, journal } from './domain/journal.js';
export { postJournal } from './infra/post-journal.js';
export { type Draw, postDrawingJournal } from './infra/post-drawing-journal.js';
export { type Reversal, reverseJournal } from './infra/reverse-journal.js';
export { monthToDate } from './infra/month-to-date.js';
export { GetBalances, type Balance, type BalanceReading } from './queries/get-balances.js';
export {
  GetCauses,
  type BalanceCause,
  type CausesAsked,
  type CausesReading,
} from './queries/get-causes.js';
export { GetJournals, type PostedJournal } from './queries/get-journals.js';
