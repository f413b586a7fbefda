import type { Uuid } from '../../kernel/ids.js';
import type { Attempt } from './attempt.js';

/** `skipped`: its endpoint was disabled or removed; it can still be sent by hand. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly id: Uuid;
  readonly endpointId: Uuid;
  readonly eventId: Uuid;
  readonly eventType: string;
  readonly status: DeliveryStatus;
  /** All tries, also those of before it was sent again. */
  readonly attempts: number;
  /** Null when there will be none. */
  readonly nextAttemptAt: Date | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** A delivery with what is sent and how each try went. */
export interface DeliveryReport extends Delivery {
  /** The body, to the byte. */
  readonly body: string;
  /** The first one first. */
  readonly log: readonly (Attempt & { readonly attempt: number })[];
}
