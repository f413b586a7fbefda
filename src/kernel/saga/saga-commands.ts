import { Injectable, type Provider } from '@nestjs/common';
import type { Command } from '@nestjs/cqrs';
import type { Uuid } from '../ids.js';
import type { JsonObject } from '../outbox/index.js';

/** What a factory may use beside the payload. */
export interface SagaCommandMeta {
  readonly tenantId: Uuid;
  /** The same at every attempt: what the command does, it does once under this id. */
  readonly commandId: Uuid;
  readonly saga: string;
  readonly key: string;
  readonly correlationId?: string;
}

export type SagaCommandFactory<Payload extends JsonObject = JsonObject> = (
  payload: Payload,
  meta: SagaCommandMeta,
) => Command<unknown>;

/** Which command each type of saga output becomes. */
@Injectable()
export class SagaCommands {
  private readonly factories = new Map<string, SagaCommandFactory>();

  add(type: string, factory: SagaCommandFactory): void {
    if (this.factories.has(type)) throw new Error(`the saga command ${type} is registered twice`);
    this.factories.set(type, factory);
  }

  /** Throws for a type that nobody registered; the row then waits for a release that knows it. */
  create(type: string, payload: JsonObject, meta: SagaCommandMeta): Command<unknown> {
    const factory = this.factories.get(type);
    if (!factory) throw new Error(`no saga command is called ${type}`);
    return factory(payload, meta);
  }
}

/**
 * Registers the command that a saga's output of this type becomes; list the answer among a
 * module's providers. The command's handler resolves when the thing is done, answers a `Refusal`
 * or throws when it is not, and changes nothing when it is executed again.
 */
export function provideSagaCommand<Payload extends JsonObject>(
  type: string,
  factory: SagaCommandFactory<Payload>,
): Provider {
  return {
    provide: Symbol(`saga command ${type}`),
    useFactory: (commands: SagaCommands) => {
      commands.add(type, factory as SagaCommandFactory);
      return factory;
    },
    inject: [SagaCommands],
  };
}
