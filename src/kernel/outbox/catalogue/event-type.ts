import type { ValueProvider } from '@nestjs/common';
import { z } from 'zod';
import type { JsonObject } from '../integration-event.js';

/** What a module promises of one type of event that it publishes. */
export interface EventType {
  /** A name such as `payment.completed`. */
  readonly type: string;
  /** Of the payload's shape, from 1. */
  readonly version: number;
  /** One sentence: what has happened, and how often it can. */
  readonly description: string;
  /** The payload, every member described where its name does not say all. */
  readonly payload: z.ZodType;
  /** A payload that fits. */
  readonly example: JsonObject;
}

/** A type of event as the catalogue prints it. */
export interface CatalogueEntry {
  readonly type: string;
  readonly version: number;
  readonly description: string;
  /** JSON Schema, draft 7, of the payload. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example: JsonObject;
}

/** A module's event types as a provider that `EventCatalogue` finds. */
export class EventTypes {
  constructor(readonly types: readonly EventType[]) {}
}

/** For the `providers` of the module that publishes the events; the types stand in its contract. */
export function describeEvents(...types: readonly EventType[]): ValueProvider<EventTypes> {
  return { provide: Symbol('event types'), useValue: new EventTypes(types) };
}

/** Throws when the example is not what the schema says. */
export function catalogueEntry({ payload, ...rest }: EventType): CatalogueEntry {
  const { type, version, description, example } = rest;
  payload.parse(example);
  // What zod says of its own making is no member of the schema.
  const { $schema: _, ...schema } = z.toJSONSchema(payload, { target: 'draft-7' });
  return { type, version, description, schema, example };
}
