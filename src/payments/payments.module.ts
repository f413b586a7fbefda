import { Module } from '@nestjs/common';
import { ComplianceModule } from '../compliance/compliance.module.js';
import { FraudModule } from '../fraud/fraud.module.js';
import { CONFIG, type Config } from '../kernel/config/index.js';
import { provideJob } from '../kernel/jobs/index.js';
import { describeEvents } from '../kernel/outbox/index.js';
import { VenuesModule } from '../venues/venues.module.js';
import { WaitingRoomModule } from '../waiting-room/waiting-room.module.js';
import { BindOrderHandler } from './commands/bind-order.js';
import { CancelEventHandler } from './commands/cancel-event.js';
import { CancelledPayments } from './commands/cancelled-payments.js';
import { CancelPaymentHandler } from './commands/cancel-payment.js';
import { CapturePaymentHandler } from './commands/capture-payment.js';
import { ChargeOrderHandler } from './commands/charge-order.js';
import { ConfirmPaymentHandler } from './commands/confirm-payment.js';
import { DecideReviewHandler } from './commands/decide-review.js';
import { DisputeEvidenceSending } from './commands/dispute-evidence-sending.js';
import { KeyedRequests } from './commands/keyed-requests.js';
import { Operating } from './commands/operating.js';
import { ProcessPaymentHandler } from './commands/process-payment.js';
import { Purchase } from './commands/purchase.js';
import { RebuildPaymentHandler } from './commands/rebuild-payment.js';
import { RefundPaymentHandler } from './commands/refund-payment.js';
import { Refunding } from './commands/refunding.js';
import { RegisterProviderAccountHandler } from './commands/register-provider-account.js';
import { RemoveProviderAccountHandler } from './commands/remove-provider-account.js';
import { RespondToDisputeHandler } from './commands/respond-to-dispute.js';
import { ReviewPaymentHandler } from './commands/review-payment.js';
import { RotateAccountSecretHandler } from './commands/rotate-account-secret.js';
import { SettleEvidenceHandler } from './commands/settle-evidence.js';
import { SettleOperationHandler } from './commands/settle-operation.js';
import { SettlePaymentHandler } from './commands/settle-payment.js';
import { SettleRefundHandler } from './commands/settle-refund.js';
import { SyncDisputeHandler } from './commands/sync-dispute.js';
import { AdminStatsController } from './http/admin-stats.controller.js';
import { DisputesController } from './http/disputes.controller.js';
import { EventCancellationController } from './http/event-cancellation.controller.js';
import { FraudReviewsController } from './http/fraud-reviews.controller.js';
import { OrderPaymentsController } from './http/order-payments.controller.js';
import { PaymentChangesController } from './http/payment-changes.controller.js';
import { PaymentCompleteController } from './http/payment-complete.controller.js';
import { PaymentReturnController } from './http/payment-return.controller.js';
import { PaymentsV1Controller } from './http/payments-v1.controller.js';
import { ProviderAccountsController } from './http/provider-accounts.controller.js';
import { AnnounceFeatures } from './infra/announce-features.js';
import { CancellationWorker } from './infra/cancellation-worker.js';
import { DisputeCases } from './infra/dispute-cases.js';
import { DisputeLog } from './infra/dispute-log.js';
import { Janitor } from './infra/janitor.js';
import { KeyedMemoSeal } from './infra/keyed-memo-seal.js';
import { MailAudience } from './infra/mail-audience.js';
import { BUYER_LETTER, CANCELLATION_LETTERS } from './infra/mail-jobs.js';
import { MailLetters } from './infra/mail-letters.js';
import { MAIL_SUBSCRIBER } from './infra/mail-subscriber.js';
import { HttpOrderCatalog, OrderCatalog } from './infra/order-catalog.js';
import { PaymentRecorder } from './infra/payment-recorder.js';
import { PaymentProvider } from './infra/payment-provider.js';
import { ProviderAlerts } from './infra/provider-alerts.js';
import { PaymentStreams } from './infra/payment-streams.js';
import { Quotes } from './infra/quotes.js';
import { SaleBeginning } from './infra/sale-beginning.js';
import { SaleDesk } from './infra/sale-desk.js';
import { SaleRebuilding } from './infra/sale-rebuilding.js';
import { SaleScreening } from './infra/sale-screening.js';
import { Settlement } from './infra/settlement.js';
import { StateMachineCheck } from './infra/state-machine-check.js';
import { StripeAccounts } from './infra/stripe/accounts.js';
import { StripeProvider } from './infra/stripe/stripe-provider.js';
import { StripeWebhooks } from './infra/stripe/stripe-webhooks.js';
import { HttpUserDirectory, UserDirectory } from './infra/user-directory.js';
import { PAYMENT_EVENTS } from './payments.contract.js';
import { CalculateFeesHandler } from './queries/calculate-fees.js';
import { GetEventCancellationHandler } from './queries/get-event-cancellation.js';
import { GetAdminStatsHandler } from './queries/get-admin-stats.js';
import { GetDisputeHandler } from './queries/get-dispute.js';
import { GetMintOrderHandler } from './queries/get-mint-order.js';
import { GetPaymentEventsHandler } from './queries/get-payment-events.js';
import { GetPaymentProofHandler } from './queries/get-payment-proof.js';
import { GetPaymentHandler } from './queries/get-payment.js';
import { GetStatisticsHandler } from './queries/get-statistics.js';
import { GetTransactionHandler } from './queries/get-transaction.js';
import { ListDisputesHandler } from './queries/list-disputes.js';
import { ListPaymentsHandler } from './queries/list-payments.js';
import { ListProviderAccountsHandler } from './queries/list-provider-accounts.js';
import { ListReviewsHandler } from './queries/list-reviews.js';

const handlers = [
  ProcessPaymentHandler,
  ChargeOrderHandler,
  ConfirmPaymentHandler,
  SettlePaymentHandler,
  RebuildPaymentHandler,
  RefundPaymentHandler,
  CancelEventHandler,
  GetEventCancellationHandler,
  SettleRefundHandler,
  CapturePaymentHandler,
  CancelPaymentHandler,
  DecideReviewHandler,
  ListReviewsHandler,
  SettleEvidenceHandler,
  SettleOperationHandler,
  ReviewPaymentHandler,
  SyncDisputeHandler,
  RespondToDisputeHandler,
  BindOrderHandler,
  CalculateFeesHandler,
  GetPaymentHandler,
  GetTransactionHandler,
  GetMintOrderHandler,
  GetPaymentEventsHandler,
  GetPaymentProofHandler,
  ListPaymentsHandler,
  GetDisputeHandler,
  ListDisputesHandler,
  GetStatisticsHandler,
  GetAdminStatsHandler,
  RegisterProviderAccountHandler,
  RotateAccountSecretHandler,
  RemoveProviderAccountHandler,
  ListProviderAccountsHandler,
];

@Module({
  imports: [ComplianceModule, FraudModule, VenuesModule, WaitingRoomModule],
  controllers: [
    PaymentsV1Controller,
    PaymentChangesController,
    EventCancellationController,
    DisputesController,
    FraudReviewsController,
    OrderPaymentsController,
    PaymentCompleteController,
    PaymentReturnController,
    AdminStatsController,
    ProviderAccountsController,
  ],
  providers: [
    ...handlers,
    describeEvents(...PAYMENT_EVENTS),
    AnnounceFeatures,
    KeyedRequests,
    Purchase,
    Refunding,
    CancelledPayments,
    CancellationWorker,
    DisputeEvidenceSending,
    DisputeCases,
    DisputeLog,
    Operating,
    SaleDesk,
    SaleScreening,
    SaleBeginning,
    SaleRebuilding,
    Settlement,
    PaymentRecorder,
    PaymentStreams,
    Quotes,
    Janitor,
    StateMachineCheck,
    StripeAccounts,
    StripeWebhooks,
    { provide: OrderCatalog, useClass: HttpOrderCatalog },
    { provide: UserDirectory, useClass: HttpUserDirectory },
    MailLetters,
    provideJob(BUYER_LETTER, MailLetters),
    MailAudience,
    provideJob(CANCELLATION_LETTERS, MailAudience),
    MAIL_SUBSCRIBER,
    ProviderAlerts,
    {
      provide: PaymentProvider,
      useFactory: ({ stripe, vault }: Config) =>
        new StripeProvider(stripe, new KeyedMemoSeal(vault.keys.map(({ secret }) => secret))),
      inject: [CONFIG],
    },
  ],
})
export class PaymentsModule {}
