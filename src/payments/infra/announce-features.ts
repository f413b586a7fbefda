import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceInfo } from '../../kernel/observability/index.js';

/** What `/info` says of payments: the adapters that are built and configured. */
@Injectable()
export class AnnounceFeatures implements OnModuleInit {
  constructor(private readonly info: ServiceInfo) {}

  onModuleInit(): void {
    this.info.declare({ stripe: true, webhooks: true });
  }
}
