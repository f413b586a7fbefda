import { Logger, type Provider, type Type } from '@nestjs/common';
import {
  type IntegrationEvent,
  type JsonObject,
  type Subscriber,
  Subscribers,
} from '../outbox/index.js';
import { Database } from '../postgres/database.js';
import type { Statement } from '../postgres/sql.js';
import type { Saga } from './saga.js';
import { addCommands, readInstance, saveInstance } from './saga-rows.js';

/** Runs a saga as a durable subscriber: its position and its outputs are its statements. */
export class SagaSubscriber<State extends JsonObject> implements Subscriber {
  private readonly log = new Logger(`Saga ${this.saga.name}`);

  constructor(
    private readonly saga: Saga<State>,
    private readonly database: Database,
  ) {}

  async handle(event: IntegrationEvent): Promise<readonly Statement[]> {
    const instance = { saga: this.saga.name, key: this.saga.keyOf(event) };
    const [found] = await this.database.read(event.tenantId, [
      readInstance(event.tenantId, instance),
    ]);
    const row = found?.rows[0];
    const reaction = this.saga.react((row?.state ?? this.saga.initial) as State, event);
    if ('ignore' in reaction) {
      this.log.debug(`${event.type} ${event.id} ignored: ${reaction.ignore}`);
      return [];
    }
    const seen = (row?.version ?? 0) as number;
    const saved = saveInstance(event.tenantId, instance, seen, reaction.state);
    if (reaction.commands.length === 0) return [saved];
    return [saved, addCommands(event, instance, reaction.commands)];
  }
}

/** Something that knows whether this process has what a saga's commands need. */
export interface Configurable {
  readonly configured: boolean;
}

/**
 * Registers a saga; list the answer among a module's providers. One whose commands need a
 * configuration that not every deployment has names who knows: while no worker is configured nobody
 * listens, and events cost nothing (`SubscriberOptions.configured`).
 */
export function provideSaga<State extends JsonObject>(
  saga: Saga<State>,
  knows?: Type<Configurable>,
): Provider {
  return {
    provide: Symbol(`saga ${saga.name}`),
    useFactory: (subscribers: Subscribers, database: Database, known?: Configurable) => {
      const subscriber = new SagaSubscriber(saga, database);
      const options = { name: `saga ${saga.name}`, events: saga.events };
      subscribers.add({ ...options, ...(known && { configured: known.configured }) }, subscriber);
      return subscriber;
    },
    inject: [Subscribers, Database, ...(knows ? [knows] : [])],
  };
}
