import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { DurableSubscriber, type Subscriber, type SubscriberOptions } from './subscriber.js';

/** A subscriber with its name and what it follows. */
export interface Subscription extends SubscriberOptions {
  readonly subscriber: Subscriber;
}

/** Everyone who follows events: providers marked `@DurableSubscriber` and what `add` was given. */
@Injectable()
export class Subscribers implements OnModuleInit {
  private readonly byName = new Map<string, Subscription>();
  private readonly byEvent = new Map<string, Subscription[]>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: DurableSubscriber.KEY })) {
      const options = this.discovery.getMetadataByDecorator(DurableSubscriber, wrapper);
      if (options) this.add(options, wrapper.instance as Subscriber);
    }
  }

  /** Throws when the name is taken: two subscribers under one would each get half of the events. */
  add(options: SubscriberOptions, subscriber: Subscriber): void {
    if (this.byName.has(options.name)) {
      throw new Error(`two durable subscribers are called ${options.name}`);
    }
    const subscription = { ...options, subscriber };
    this.byName.set(options.name, subscription);
    for (const type of new Set(options.events)) {
      this.byEvent.set(type, [...this.of(type), subscription]);
    }
  }

  of(eventType: string): readonly Subscription[] {
    return this.byEvent.get(eventType) ?? [];
  }

  eventTypes(): string[] {
    return [...this.byEvent.keys()];
  }
}
