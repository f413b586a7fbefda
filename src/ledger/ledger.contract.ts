/**
 * What other modules may know of the ledger. An amount is signed, in cents: a debit is positive, a
 * credit negative. Accounts are names, made here so that none is ever misspelt.
 */
export { account, type AccountName, type TaxKind, type VenueBucket } from './domain/accounts.js';
export { type Journal, type Posting, journal, reverse } from './domain/journal.js';
export { postJournal } from './infra/post-journal.js';
export { monthToDate } from './infra/month-to-date.js';
export { GetBalances, type Balance, type BalanceReading } from './queries/get-balances.js';
export { GetJournals, type PostedJournal } from './queries/get-journals.js';
