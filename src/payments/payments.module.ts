import { Module } from '@nestjs/common';
import { ComplianceModule } from '../compliance/compliance.module.js';
import { CONFIG, type Config } from '../kernel/config/index.js';
import { VenuesModule } from '../venues/venues.module.js';
import { BindOrderHandler } from './commands/bind-order.js';
import { CancelEventHandler } from './commands/cancel-event.js';
import { CancelledPayments } from './commands/cancelled-payments.js';
import { CancelPaymentHandler } from './commands/cancel-payment.js';
import { CapturePaymentHandler } from './commands/capture-payment.js';
import { ChargeOrderHandler } from './commands/charge-order.js';
import { ConfirmPaymentHandler } from './commands/confirm-payment.js';
import { DisputeEvidenceSending } from './commands/dispute-evidence-sending.js';
import { KeyedRequests } from './commands/keyed-requests.js';
import { Operating } from './commands/operating.js';
import { ProcessPaymentHandler } from './commands/process-payment.js';
import { Purchase } from './commands/purchase.js';
import { RefundPaymentHandler } from './commands/refund-payment.js';
import { Refunding } from './commands/refunding.js';
import { RespondToDisputeHandler } from './commands/respond-to-dispute.js';
import { ReviewPaymentHandler } from './commands/review-payment.js';
import { SettleOperationHandler } from './commands/settle-operation.js';
import { SettlePaymentHandler } from './commands/settle-payment.js';
import { SettleRefundHandler } from './commands/settle-refund.js';
import { SyncDisputeHandler } from './commands/sync-dispute.js';
import { AdminStatsController } from './http/admin-stats.controller.js';
import { DisputesController } from './http/disputes.controller.js';
import { EventCancellationController } from './http/event-cancellation.controller.js';
import { OrderPaymentsController } from './http/order-payments.controller.js';
import { PaymentChangesController } from './http/payment-changes.controller.js';
import { PaymentCompleteController } from './http/payment-complete.controller.js';
import { PaymentReturnController } from './http/payment-return.controller.js';
import { PaymentsV1Controller } from './http/payments-v1.controller.js';
import { AnnounceFeatures } from './infra/announce-features.js';
import { CancellationWorker } from './infra/cancellation-worker.js';
import { DisputeCases } from './infra/dispute-cases.js';
import { DisputeLog } from './infra/dispute-log.js';
import { Janitor } from './infra/janitor.js';
import { HttpOrderCatalog, OrderCatalog } from './infra/order-catalog.js';
import { PaymentRecorder } from './infra/payment-recorder.js';
import { PaymentProvider } from './infra/payment-provider.js';
import { PaymentStreams } from './infra/payment-streams.js';
import { Quotes } from './infra/quotes.js';
import { SaleBeginning } from './infra/sale-beginning.js';
import { SaleDesk } from './infra/sale-desk.js';
import { Settlement } from './infra/settlement.js';
import { StateMachineCheck } from './infra/state-machine-check.js';
import { StripeProvider } from './infra/stripe/stripe-provider.js';
import { StripeWebhooks } from './infra/stripe/stripe-webhooks.js';
import { CalculateFeesHandler } from './queries/calculate-fees.js';
import { GetEventCancellationHandler } from './queries/get-event-cancellation.js';
import { GetAdminStatsHandler } from './queries/get-admin-stats.js';
import { GetDisputeHandler } from './queries/get-dispute.js';
import { GetPaymentEventsHandler } from './queries/get-payment-events.js';
import { GetPaymentProofHandler } from './queries/get-payment-proof.js';
import { GetPaymentHandler } from './queries/get-payment.js';
import { GetStatisticsHandler } from './queries/get-statistics.js';
import { ListDisputesHandler } from './queries/list-disputes.js';
import { ListPaymentsHandler } from './queries/list-payments.js';

const handlers = [
  ProcessPaymentHandler,
  ChargeOrderHandler,
  ConfirmPaymentHandler,
  SettlePaymentHandler,
  RefundPaymentHandler,
  CancelEventHandler,
  GetEventCancellationHandler,
  SettleRefundHandler,
  CapturePaymentHandler,
  CancelPaymentHandler,
  SettleOperationHandler,
  ReviewPaymentHandler,
  SyncDisputeHandler,
  RespondToDisputeHandler,
  BindOrderHandler,
  CalculateFeesHandler,
  GetPaymentHandler,
  GetPaymentEventsHandler,
  GetPaymentProofHandler,
  ListPaymentsHandler,
  GetDisputeHandler,
  ListDisputesHandler,
  GetStatisticsHandler,
  GetAdminStatsHandler,
];

@Module({
  imports: [ComplianceModule, VenuesModule],
  controllers: [
    PaymentsV1Controller,
    PaymentChangesController,
    EventCancellationController,
    DisputesController,
    OrderPaymentsController,
    PaymentCompleteController,
    PaymentReturnController,
    AdminStatsController,
  ],
  providers: [
    ...handlers,
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
    SaleBeginning,
    Settlement,
    PaymentRecorder,
    PaymentStreams,
    Quotes,
    Janitor,
    StateMachineCheck,
    StripeWebhooks,
    { provide: OrderCatalog, useClass: HttpOrderCatalog },
    {
      provide: PaymentProvider,
      useFactory: ({ stripe }: Config) => new StripeProvider(stripe),
      inject: [CONFIG],
    },
  ],
})
export class PaymentsModule {}
