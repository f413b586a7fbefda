import { Agent, request } from 'node:http';
import type { Faults } from '../faults/faults.js';
import { DELIVERIES_AT_ONCE } from '../faults/plan.js';
import { renderEvent } from '../objects/event.js';
import type { EventRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { Reordering } from './reordering.js';
import { signWebhook } from './signature.js';

/** Where events go. Every type when `enabledEvents` is absent or holds `*`. */
export interface WebhookEndpoint {
  url: string;
  secret: string;
  enabledEvents?: readonly string[];
}

export interface RetryPolicy {
  /** Wait before the first retry, doubled for each one after. */
  firstMs: number;
  /** Longest wait. */
  maxMs: number;
  attempts: number;
}

/** One attempt to deliver, as told by `GET /__emulator/webhooks/deliveries`. */
export interface Delivery {
  event: string;
  type: string;
  attempt: number;
  at: string;
  status: number | null;
  error: string | null;
}

interface Pending {
  event: EventRecord;
  attempt: number;
  delayMs: number;
}

const LOG_LENGTH = 1000;
const TIMEOUT_MS = 10_000;

/** Sends signed events until the endpoint answers 2xx, never in the way of a request. */
export class WebhookDeliverer {
  private endpoint: WebhookEndpoint | null = null;
  private queue: Pending[] = [];
  private inFlight = 0;
  private waiting = 0;
  private closed = false;
  private log: Delivery[] = [];
  private readonly reordering: Reordering<Pending>;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: DELIVERIES_AT_ONCE });

  constructor(
    private readonly world: World,
    private readonly faults: Faults,
    private readonly retry: RetryPolicy,
  ) {
    this.reordering = new Reordering(world, faults, (pending) => {
      this.enqueue(pending);
    });
  }

  setEndpoint(endpoint: WebhookEndpoint | null): void {
    this.endpoint = endpoint;
  }

  /** Queues an event; answers to how many endpoints it goes. */
  publish(event: EventRecord): number {
    const { endpoint } = this;
    if (endpoint === null) return 0;
    const enabled = endpoint.enabledEvents ?? ['*'];
    if (!enabled.includes('*') && !enabled.includes(event.type)) return 0;
    this.dispatch(event);
    if (this.faults.drawCopy()) {
      const copy = this.world.copyOf(event);
      copy.pendingWebhooks = 1;
      this.dispatch(copy);
    }
    return 1;
  }

  /** Delivers an event again, whatever the endpoint listens to; false without an endpoint. */
  redeliver(event: EventRecord, times: number): boolean {
    if (this.endpoint === null) return false;
    event.pendingWebhooks = 1;
    for (let i = 0; i < times; i += 1) this.enqueue({ event, attempt: 1, delayMs: 0 });
    return true;
  }

  /** Takes up again what was undelivered when the emulator last stopped. */
  resume(events: readonly EventRecord[]): void {
    for (const event of events) {
      if (event.pendingWebhooks > 0) this.enqueue({ event, attempt: 1, delayMs: 0 });
    }
  }

  /** The last attempts, and how many deliveries are still to come. */
  report(): { deliveries: readonly Delivery[]; pending: number } {
    const pending = this.queue.length + this.waiting + this.inFlight + this.reordering.size;
    return { deliveries: this.log, pending };
  }

  close(): void {
    this.closed = true;
    this.queue = [];
    this.agent.destroy();
  }

  private dispatch(event: EventRecord): void {
    for (const delayMs of this.faults.drawDeliveries()) {
      this.reordering.pass({ event, attempt: 1, delayMs });
    }
  }

  private enqueue(pending: Pending): void {
    if (pending.delayMs === 0) {
      this.queue.push(pending);
      if (this.queue.length === 1)
        setImmediate(() => {
          this.pump();
        });
      return;
    }
    this.waiting += 1;
    this.world.later(pending.delayMs, () => {
      this.waiting -= 1;
      this.enqueue({ ...pending, delayMs: 0 });
    });
  }

  private pump(): void {
    const free = Math.max(0, this.faults.deliveriesAtOnce() - this.inFlight);
    for (const pending of this.queue.splice(0, free)) {
      this.inFlight += 1;
      this.send(pending, (status, error) => {
        this.inFlight -= 1;
        this.settle(pending, status, error);
        this.pump();
      });
    }
  }

  private settle({ event, attempt }: Pending, status: number | null, error: string | null): void {
    if (this.closed) return;
    const at = new Date(this.world.nowMs()).toISOString();
    this.log.push({ event: event.id, type: event.type, attempt, at, status, error });
    if (this.log.length >= LOG_LENGTH * 2) this.log = this.log.slice(-LOG_LENGTH);
    if (status !== null && status >= 200 && status < 300) {
      event.pendingWebhooks = 0;
      return;
    }
    if (attempt >= this.retry.attempts || this.endpoint === null) return;
    const wait = Math.min(this.retry.firstMs * 2 ** (attempt - 1), this.retry.maxMs);
    this.enqueue({ event, attempt: attempt + 1, delayMs: Math.max(1, wait) });
  }

  private send(
    { event }: Pending,
    done: (status: number | null, error: string | null) => void,
  ): void {
    if (this.endpoint === null) {
      done(null, 'no endpoint');
      return;
    }
    const body = JSON.stringify(renderEvent(event));
    const { url, secret } = this.endpoint;
    const call = request(url, {
      method: 'POST',
      agent: this.agent,
      timeout: TIMEOUT_MS,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'stripe-signature': signWebhook(secret, this.world.now(), body),
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
    });
    let settled = false;
    const settle = (status: number | null, error: string | null) => {
      if (settled) return;
      settled = true;
      done(status, error);
    };
    call.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        settle(response.statusCode ?? null, null);
      });
      response.on('error', (error) => {
        settle(null, error.message);
      });
    });
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', (error) => {
      settle(null, error.message);
    });
    call.end(body);
  }
}
