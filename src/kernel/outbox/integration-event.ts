import type { Uuid } from '../ids.js';

/** What survives JSON unchanged. Cents travel as numbers: they stay below 2^53. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** Declare payloads as `type X = Readonly<{ … }>`: an interface has no index signature and does not fit. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Something that happened in one module and that others follow, as its contract names it. */
export interface EventToPublish<Payload extends JsonObject = JsonObject> {
  /** Unique within the tenant; subscribers see each id once. */
  readonly id: Uuid;
  /** A name such as `payment.completed`. */
  readonly type: string;
  /** Of the payload's shape, from 1. */
  readonly version: number;
  readonly aggregateType: string;
  readonly aggregateId: Uuid;
  /**
   * Its place among the events of its aggregate: a later one has a higher number, not always the
   * next one. Taken from what orders the aggregate itself, such as the version of its stream.
   */
  readonly sequence?: number;
  readonly occurredAt: Date;
  /** Ids and facts, never a name, an e-mail or a postal address. */
  readonly payload: Payload;
  readonly correlationId?: string;
}

/** An event as a subscriber receives it. */
export interface IntegrationEvent<
  Payload extends JsonObject = JsonObject,
> extends EventToPublish<Payload> {
  readonly tenantId: Uuid;
}
