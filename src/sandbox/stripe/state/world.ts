import { newId } from '../ids.js';
import type { Funds } from '../refunds/funds.js';
import { Collection } from './collection.js';
import type {
  ChargeRecord,
  DisputeRecord,
  EventRecord,
  IdempotencyRecord,
  IntentRecord,
  MethodRecord,
  RefundRecord,
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
  /** Until a refund that does not settle at once changes. */
  refundLagMs: number;
  /** Until a card disputes its payment, and until the bank has read the evidence. */
  disputeLagMs: number;
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
  readonly refunds = new Collection<RefundRecord>();
  readonly disputes = new Collection<DisputeRecord>();
  readonly events = new Collection<EventRecord>();
  readonly idempotency = new Collection<IdempotencyRecord>();
  /** Called with each new event; answers to how many endpoints it goes. */
  publish: (event: EventRecord) => number = () => 0;
  /** What refunds are paid from; null: there is always enough. */
  funds: Funds | null = null;
  /** Where browsers reach the challenge page. */
  baseUrl = '';
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly deferred = new Map<NodeJS.Timeout, () => boolean>();

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

  /**
   * As `later`, for what Stripe does in its own time: `advance` need not wait for it. The action
   * answers whether there was still something to do.
   */
  defer(delayMs: number, action: () => boolean): void {
    const timer = setTimeout(() => {
      this.deferred.delete(timer);
      action();
    }, delayMs).unref();
    this.deferred.set(timer, action);
  }

  /** Does at once what is deferred, and what that defers; answers how much it was. */
  advance(): number {
    let done = 0;
    for (const [timer, action] of this.deferred) {
      clearTimeout(timer);
      this.deferred.delete(timer);
      if (action()) done += 1;
    }
    return done;
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
    this.keep(event);
    event.pendingWebhooks = this.publish(event);
  }

  /** The same news once more as an event of its own, which nobody has been told of yet. */
  copyOf(event: EventRecord): EventRecord {
    const copy = { ...event, id: newId('evt'), pendingWebhooks: 0 };
    this.keep(copy);
    return copy;
  }

  private keep(event: EventRecord): void {
    this.events.put(event);
    if (this.events.size > MAX_EVENTS * 1.25) {
      this.events.dropOldest(this.events.size - MAX_EVENTS);
    }
  }

  stop(): void {
    [...this.timers, ...this.deferred.keys()].forEach((timer) => {
      clearTimeout(timer);
    });
  }
}
