import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ComplianceModule } from './compliance/compliance.module.js';
import { FraudModule } from './fraud/fraud.module.js';
import { AlertsModule } from './kernel/alerts/index.js';
import { AuditModule } from './kernel/audit/index.js';
import { AuthModule } from './kernel/auth/index.js';
import { GasModule } from './kernel/chain/gas/index.js';
import { Clock } from './kernel/clock.js';
import { BrokerModule } from './kernel/broker/index.js';
import { type Config, ConfigModule } from './kernel/config/index.js';
import { CryptoModule } from './kernel/crypto/index.js';
import { RateLimitsModule } from './kernel/http/rate-limits/index.js';
import { QueueBoardModule } from './kernel/jobs/board/queue-board.module.js';
import { JobsModule } from './kernel/jobs/jobs.module.js';
import { NotificationsModule } from './kernel/notifications/index.js';
import { ObservabilityModule } from './kernel/observability/index.js';
import { OpenItemsModule } from './kernel/open-items/index.js';
import { OutboxModule } from './kernel/outbox/index.js';
import { PostgresModule } from './kernel/postgres/postgres.module.js';
import { RetentionModule } from './kernel/retention/index.js';
import { SagaModule } from './kernel/saga/index.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { NftModule } from './nft/nft.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { VenuesModule } from './venues/venues.module.js';
import { WaitingRoomModule } from './waiting-room/waiting-room.module.js';
import { OutboundWebhooksModule } from './webhooks/outbound-webhooks.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Global()
@Module({ providers: [Clock], exports: [Clock] })
class ClockModule {}

const kernel = (config: Config) => [
  ClockModule,
  CqrsModule.forRoot(),
  ObservabilityModule,
  PostgresModule,
  JobsModule.register(config),
  CryptoModule,
  AuthModule,
  RateLimitsModule.register(config),
  OutboxModule,
  BrokerModule,
  SagaModule,
  AuditModule,
  OpenItemsModule,
  AlertsModule,
  NotificationsModule,
  GasModule,
  QueueBoardModule,
  RetentionModule,
];

const domains = [
  LedgerModule,
  WebhooksModule,
  OutboundWebhooksModule,
  WaitingRoomModule,
  VenuesModule,
  FraudModule,
  ComplianceModule,
  PaymentsModule,
  NftModule,
  ReconciliationModule,
];

/** The only place that lists modules. `extra` is what a non-production start adds: the sandbox. */
@Module({})
export class AppModule {
  static register(config: Config, extra: readonly (Type | DynamicModule)[] = []): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.register(config), ...kernel(config), ...domains, ...extra],
    };
  }
}
