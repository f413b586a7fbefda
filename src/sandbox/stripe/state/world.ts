import { newId } from '../ids.js';
import { Collection } from './collection.js';
import type {
  ChargeRecord,
  EventRecord,
  IdempotencyRecord,
  IntentRecord,
  MethodRecord,
  TransactionRecord,
} from './records.js';

/** The one API version the emulator speaks: what `stripe` 23 pins. */
export const API_VERSION = '2026-10-28.endive';

/** Delays of Stripe's own machinery, in milliseconds. */
export interface Lags {
  /** Until search finds a new object. */
  searchLagMs: number;
  /** Until a captured charge has its balance transaction. */
  balanceTransactionLagMs: number;
}

/** The request an event is caused by; absent for what happens by itself or in the buyer's browser. */
export interface Cause {
  requestId: string;
  idempotencyKey: string | null;
}

const MAX_EVENTS = 20_000;

/** Everything the emulator knows, and its clock. */
export class World {
  readonly intents = new Collection<IntentRecord>();
  readonly charges = new Collection<ChargeRecord>();
  readonly methods = new Collection<MethodRecord>();
  readonly transactions = new Collection<TransactionRecord>();
  readonly events = new Collection<EventRecord>();
  readonly idempotency = new Collection<IdempotencyRecord>();
  /** Called with each new event; answers to how many endpoints it goes. */
  publish: (event: EventRecord) => number = () => 0;
  /** Where browsers reach the challenge page. */
  baseUrl = '';
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly clock: () => Date,
    readonly lags: Lags,
  ) {}

  nowMs(): number {
    return this.clock().getTime();
  }

  now(): number {
    return Math.floor(this.nowMs() / 1000);
  }

  /** Runs once, later, unless the emulator closes before. */
  later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, delayMs).unref();
    this.timers.add(timer);
  }

  /** Records an event with the object as it is now and hands it to the webhooks. */
  emit(type: string, object: object, cause: Cause | null, previous?: object): void {
    const event: EventRecord = {
      id: newId('evt'),
      created: this.now(),
      type,
      object,
      previous: previous ?? null,
      pendingWebhooks: 0,
      requestId: cause?.requestId ?? null,
      idempotencyKey: cause?.idempotencyKey ?? null,
    };
    this.events.put(event);
    event.pendingWebhooks = this.publish(event);
    if (this.events.size > MAX_EVENTS * 1.25) {
      this.events.dropOldest(this.events.size - MAX_EVENTS);
    }
  }

  stop(): void {
    this.timers.forEach((timer) => {
      clearTimeout(timer);
    });
  }
}
