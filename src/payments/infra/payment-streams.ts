import { Injectable } from '@nestjs/common';
import { fold } from '../../kernel/decider/decider.js';
import {
  type NewEvent,
  parseStream,
  readStream,
  type StoredEvent,
  type Stream,
} from '../../kernel/event-store/event-store.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { DEFAULT_SETTINGS } from '../../venues/venues.contract.js';
import { type BegunPayment, payment, type Payment } from '../domain/payment.js';
import { EVENT_VERSION, type PaymentEvent } from '../domain/payment-events.js';

/** A payment as history has made it; `version` is its last event's number, 0 for none, `at` its instant. */
export interface LoadedPayment {
  readonly payment: Payment;
  readonly version: number;
  readonly at: Date;
}

/** A payment of which something has happened. */
export interface KnownPayment extends LoadedPayment {
  readonly payment: BegunPayment;
}

export function paymentStream(tenantId: Uuid, id: Uuid): Stream {
  return { tenantId, type: 'payment', id };
}

/** An event as it is stored: its type apart, the rest as data. */
export function stored(event: PaymentEvent): NewEvent {
  const { type, ...data } = event;
  return { type, version: EVENT_VERSION, data };
}

/** An event as it was decided. A sale from before a setting was kept had the usual one. */
export function restored(event: StoredEvent): PaymentEvent {
  const restored = { ...event.data, type: event.type } as PaymentEvent;
  if (restored.type !== 'payment.initiated') return restored;
  const { refundPolicy, disputeLossPayer } = { ...DEFAULT_SETTINGS, ...restored.sale };
  return { ...restored, sale: { ...restored.sale, refundPolicy, disputeLossPayer } };
}

/** Payments, read from their streams. */
@Injectable()
export class PaymentStreams {
  constructor(private readonly database: Database) {}

  async load(tenantId: Uuid, id: Uuid): Promise<LoadedPayment> {
    const events = await this.history(tenantId, id);
    return {
      payment: fold(payment, events.map(restored)),
      version: events.at(-1)?.sequence ?? 0,
      at: events.at(-1)?.at ?? new Date(0),
    };
  }

  /** A payment that has begun, and undefined where there is none. */
  async find(tenantId: Uuid, id: Uuid): Promise<KnownPayment | undefined> {
    const { payment, ...rest } = await this.load(tenantId, id);
    return payment.status === 'NONE' ? undefined : { payment, ...rest };
  }

  async history(tenantId: Uuid, id: Uuid): Promise<StoredEvent[]> {
    const [result] = await this.database.read(tenantId, [readStream(paymentStream(tenantId, id))]);
    return parseStream(result);
  }
}
