/**
 * What higher modules may ask of payments: commands that bring one payment, refund or operation to
 * what the provider says of it. Repeating one is a success that changes nothing. And under which ids
 * a dispute and its journals are kept.
 */
export { RebuildPayment } from './commands/rebuild-payment.js';
export { ReviewPayment } from './commands/review-payment.js';
export { SettleOperation } from './commands/settle-operation.js';
export { SettlePayment } from './commands/settle-payment.js';
export { SettleRefund } from './commands/settle-refund.js';
export { disputeIdOf } from './domain/decide-dispute.js';
export { disputeJournalId } from './domain/dispute-postings.js';
export { PAYMENT_EVENTS } from './domain/published-events.js';
export { EXPIRY } from './domain/expiry.js';
export { stripeClient } from './infra/stripe/client.js';
