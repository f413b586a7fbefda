import { Module } from '@nestjs/common';
import { ComplianceModule } from '../compliance/compliance.module.js';
import { CONFIG, type Config } from '../kernel/config/index.js';
import { VenuesModule } from '../venues/venues.module.js';
import { BindOrderHandler } from './commands/bind-order.js';
import { ChargeOrderHandler } from './commands/charge-order.js';
import { ConfirmPaymentHandler } from './commands/confirm-payment.js';
import { ProcessPaymentHandler } from './commands/process-payment.js';
import { Purchase } from './commands/purchase.js';
import { SettlePaymentHandler } from './commands/settle-payment.js';
import { AdminStatsController } from './http/admin-stats.controller.js';
import { OrderPaymentsController } from './http/order-payments.controller.js';
import { PaymentCompleteController } from './http/payment-complete.controller.js';
import { PaymentReturnController } from './http/payment-return.controller.js';
import { PaymentsV1Controller } from './http/payments-v1.controller.js';
import { AnnounceFeatures } from './infra/announce-features.js';
import { Janitor } from './infra/janitor.js';
import { HttpOrderCatalog, OrderCatalog } from './infra/order-catalog.js';
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
import { GetAdminStatsHandler } from './queries/get-admin-stats.js';
import { GetPaymentEventsHandler } from './queries/get-payment-events.js';
import { GetPaymentProofHandler } from './queries/get-payment-proof.js';
import { GetPaymentHandler } from './queries/get-payment.js';
import { GetStatisticsHandler } from './queries/get-statistics.js';
import { ListPaymentsHandler } from './queries/list-payments.js';

const handlers = [
  ProcessPaymentHandler,
  ChargeOrderHandler,
  ConfirmPaymentHandler,
  SettlePaymentHandler,
  BindOrderHandler,
  CalculateFeesHandler,
  GetPaymentHandler,
  GetPaymentEventsHandler,
  GetPaymentProofHandler,
  ListPaymentsHandler,
  GetStatisticsHandler,
  GetAdminStatsHandler,
];

@Module({
  imports: [ComplianceModule, VenuesModule],
  controllers: [
    PaymentsV1Controller,
    OrderPaymentsController,
    PaymentCompleteController,
    PaymentReturnController,
    AdminStatsController,
  ],
  providers: [
    ...handlers,
    AnnounceFeatures,
    Purchase,
    SaleDesk,
    SaleBeginning,
    Settlement,
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
