import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Alerts } from '../../kernel/alerts/index.js';
import { PaymentProvider } from './payment-provider.js';

/** Tells operators when the provider's breaker opens: until it closes nothing can be sold. */
@Injectable()
export class ProviderAlerts implements OnApplicationBootstrap {
  constructor(
    private readonly provider: PaymentProvider,
    private readonly alerts: Alerts,
  ) {}

  onApplicationBootstrap(): void {
    const { name } = this.provider;
    this.provider.onOutage(() => {
      void this.alerts.raise({
        key: `breaker:${name}`,
        severity: 'critical',
        title: `The circuit breaker of ${name} has opened: payments are refused`,
        module: 'payments',
      });
    });
  }
}
