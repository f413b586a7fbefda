import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { EventCatalogue } from './catalogue/event-catalogue.js';
import { DurableSubscriber, type Subscriber, type SubscriberOptions } from './subscriber.js';

/** Which events anybody follows: a condition on the outbox row `o` with its parameters, from `$1` on. */
export interface Heard {
  readonly condition: string;
  readonly values: readonly (readonly string[])[];
}

/** What workers are configured for: types of events by subscriber. */
export type Announced = ReadonlyMap<string, ReadonlySet<string>>;

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
    const subscription = { ...conditional(options), subscriber };
    this.byName.set(options.name, subscription);
    for (const type of new Set(this.typesOf(options))) {
      this.byEvent.set(type, [...this.all(type), subscription]);
    }
  }

  /** Who follows a type of event, here or for a worker that is configured for it. */
  of(eventType: string, announced: Announced): readonly Subscription[] {
    return this.all(eventType).filter(
      ({ configured, name }) => configured !== false || announced.get(name)?.has(eventType),
    );
  }

  /** What the other workers should know that this one is configured for. */
  toAnnounce(): readonly { readonly name: string; readonly types: readonly string[] }[] {
    return [...this.byName.values()]
      .filter(({ configured }) => configured === true)
      .map((options) => ({ name: options.name, types: this.typesOf(options) }));
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

  private all(eventType: string): readonly Subscription[] {
    return this.byEvent.get(eventType) ?? [];
  }

  private typesOf({ events }: SubscriberOptions): readonly string[] {
    return events === 'catalogue' ? this.catalogue.types() : events;
  }
}

/** Names are source code, as conditions are. */
function conditional(options: SubscriberOptions): SubscriberOptions {
  if (options.configured !== false) return options;
  const { name, onlyWhere = 'true' } = options;
  const announced = `EXISTS (SELECT FROM event_subscriptions s WHERE s.subscriber = '${name}'
    AND o.event_type = ANY(s.event_types) AND s.announced_at > now() - interval '1 day')`;
  return { ...options, onlyWhere: `(${onlyWhere}) AND ${announced}` };
}
