import type { IntegrationEvent, JsonObject } from '../outbox/index.js';

/** Something a saga wants done: which command, registered by `provideSagaCommand`, with what. */
export interface SagaOutput {
  readonly type: string;
  readonly payload: JsonObject;
  /** Not before this long after the event was handled. */
  readonly delaySeconds?: number;
}

/** What an event leads to. Being ignored needs a reason, so that a forgotten case is not silent. */
export type Reaction<State extends JsonObject> =
  { readonly state: State; readonly commands: readonly SagaOutput[] } | { readonly ignore: string };

/**
 * A process that spans modules, as a pure function over integration events: no clock, no I/O, no
 * randomness. The runner keeps one state per tenant and key; state and commands are stored in the
 * transaction that notes the event as handled, and the commands are executed until they succeed.
 *
 * Events may come in any order, so `react` answers every event in every state. Commands run in no
 * particular order and, after a crash, possibly again with the same id.
 */
export interface Saga<State extends JsonObject> {
  /** Never rename: states and handled events are kept under it. */
  readonly name: string;
  readonly events: readonly string[];
  readonly initial: State;
  /** Which instance the event belongs to, such as a payment's id. */
  keyOf(event: IntegrationEvent): string;
  react(state: State, event: IntegrationEvent): Reaction<State>;
}
