import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { GracefulShutdown } from './graceful-shutdown.js';
import { Draining } from './health/draining.js';
import { HealthReport } from './health/health-report.js';
import { HealthController } from './health/health.controller.js';
import { ReadinessChecks } from './health/readiness-checks.js';
import { ServiceInfo } from './health/service-info.js';
import { MetricsListener } from './metrics-listener.js';
import { MetricsController } from './metrics.controller.js';
import { collectProcessMetrics } from './metrics.js';

/** Health, information, metrics and shutdown; other modules register checks and declare features. */
@Global()
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, MetricsController],
  providers: [
    Draining,
    GracefulShutdown,
    HealthReport,
    MetricsListener,
    ReadinessChecks,
    ServiceInfo,
  ],
  exports: [Draining, GracefulShutdown, MetricsListener, ReadinessChecks, ServiceInfo],
})
export class ObservabilityModule {
  constructor() {
    collectProcessMetrics();
  }
}
