/**
 * What higher modules may ask of payments: commands that bring one payment, refund or operation to
 * what the provider says of it. Repeating one is a success that changes nothing. What it takes to mint
 * a payment's tickets, and the port by which whoever mints tells how far it is. And under which ids a
 * dispute, its journals and a payment's minting are kept.
 */
export { RebuildPayment } from './commands/rebuild-payment.js';
export { ReviewPayment } from './commands/review-payment.js';
export { SettleOperation } from './commands/settle-operation.js';
export { SettlePayment } from './commands/settle-payment.js';
export { SettleRefund } from './commands/settle-refund.js';
export { disputeIdOf } from './domain/decide-dispute.js';
export { disputeJournalId } from './domain/dispute-postings.js';
export { mintJobId } from './domain/mint-outlook.js';
export { PAYMENT_EVENTS } from './domain/published-events.js';
export { EXPIRY } from './domain/expiry.js';
export { MintStatuses, type MintStatus, type TicketMintStatus } from './infra/mint-statuses.js';
export { GetMintOrder, type MintOrder } from './queries/get-mint-order.js';
export { stripeClient } from './infra/stripe/client.js';
