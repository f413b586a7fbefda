import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import {
  type InboundWebhookHandler,
  type InboundWebhookSource,
  WEBHOOK_PROVIDER,
} from '../webhooks.contract.js';

/** Who verifies and who acts, per provider. A provider with only one of them stops the start. */
@Injectable()
export class WebhookProviders implements OnModuleInit {
  private readonly sources = new Map<string, InboundWebhookSource>();
  private readonly handlers = new Map<string, InboundWebhookHandler>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: WEBHOOK_PROVIDER.KEY })) {
      const marked = this.discovery.getMetadataByDecorator(WEBHOOK_PROVIDER, wrapper);
      if (marked) this.add(marked.provider, wrapper.instance as object);
    }
    for (const provider of new Set([...this.sources.keys(), ...this.handlers.keys()])) {
      if (!this.sources.has(provider) || !this.handlers.has(provider)) {
        throw new Error(`webhooks of ${provider} need both a source and a handler`);
      }
    }
  }

  source(provider: string): InboundWebhookSource | undefined {
    return this.sources.get(provider);
  }

  handler(provider: string): InboundWebhookHandler | undefined {
    return this.handlers.get(provider);
  }

  private add(provider: string, instance: object): void {
    if ('verify' in instance) {
      this.put(this.sources, provider, instance as InboundWebhookSource);
    }
    if ('handle' in instance) {
      this.put(this.handlers, provider, instance as InboundWebhookHandler);
    }
  }

  private put<T>(into: Map<string, T>, provider: string, instance: T): void {
    if (into.has(provider)) throw new Error(`webhooks of ${provider} are claimed twice`);
    into.set(provider, instance);
  }
}
