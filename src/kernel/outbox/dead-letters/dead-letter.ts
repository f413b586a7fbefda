import type { Uuid } from '../../ids.js';
import type { JsonObject } from '../integration-event.js';

/** An event that a subscriber has rejected for good. It waits here for somebody to send it again. */
export interface DeadLetter {
  readonly eventId: Uuid;
  readonly type: string;
  readonly aggregateType: string;
  readonly aggregateId: Uuid;
  readonly payload: JsonObject;
  readonly attempts: number;
  /** Who rejected it last, and why. */
  readonly error: string;
  readonly publishedAt: Date;
  /** When it was given up. */
  readonly since: Date;
}

export function deadLetterOf(row: Readonly<Record<string, unknown>>): DeadLetter {
  return {
    eventId: row.event_id as Uuid,
    type: row.event_type as string,
    aggregateType: row.aggregate_type as string,
    aggregateId: row.aggregate_id as Uuid,
    payload: row.payload as JsonObject,
    attempts: row.attempts as number,
    error: row.last_error as string,
    publishedAt: row.created_at as Date,
    since: row.moved_to_dlq_at as Date,
  };
}
