import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { EventCatalogue } from './catalogue/event-catalogue.js';
import { DurableSubscriber, type Subscriber, type SubscriberOptions } from './subscriber.js';

/** Which events anybody follows: a condition on the outbox row `o` with its parameters, from `$1` on. */
export interface Heard {
  readonly condition: string;
  readonly values: readonly (readonly string[])[];
}

/** A subscriber with its name and what it follows. */
export interface Subscription extends SubscriberOptions {
  readonly subscriber: Subscriber;
}

/** Everyone who follows events: providers marked `@DurableSubscriber` and what `add` was given. */
@Injectable()
export class Subscribers implements OnModuleInit {
  private readonly byName = new Map<string, Subscription>();
  private readonly byEvent = new Map<string, Subscription[]>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly catalogue: EventCatalogue,
  ) {}

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
    for (const type of new Set(this.typesOf(options))) {
      this.byEvent.set(type, [...this.of(type), subscription]);
    }
  }

  of(eventType: string): readonly Subscription[] {
    return this.byEvent.get(eventType) ?? [];
  }

  heard(): Heard {
    const followers = [...this.byName.values()];
    const everywhere = followers.filter(({ onlyWhere }) => onlyWhere === undefined);
    const groups = [
      { types: everywhere.flatMap((options) => this.typesOf(options)), where: 'true' },
      ...followers.flatMap(({ onlyWhere: where, ...options }) =>
        where === undefined ? [] : [{ types: this.typesOf(options), where }],
      ),
    ].filter(({ types }) => types.length > 0);
    const conditions = groups.map(
      ({ where }, i) => `(o.event_type = ANY($${i + 1}::text[]) AND (${where}))`,
    );
    return {
      condition: conditions.length === 0 ? 'false' : conditions.join(' OR '),
      values: groups.map(({ types }) => [...new Set(types)]),
    };
  }

  private typesOf({ events }: SubscriberOptions): readonly string[] {
    return events === 'catalogue' ? this.catalogue.types() : events;
  }
}
