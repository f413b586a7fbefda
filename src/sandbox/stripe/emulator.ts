import type { Server } from 'node:http';
import { Bank } from './bank.js';
import { challenge } from './challenge.js';
import { control } from './control.js';
import { Faults } from './faults/faults.js';
import type { FaultPlan, FaultRule } from './faults/plan.js';
import { accounts } from './http/authentication.js';
import { invalidRequest, noSuch } from './http/errors.js';
import { Pipeline, type Answer } from './http/pipeline.js';
import { resume } from './resume.js';
import { listen, portOf, shut, type RawRequest } from './server.js';
import { Journal } from './state/journal.js';
import { World, type Lags } from './state/world.js';
import { truth, type TruthDump } from './truth.js';
import { WebhookDeliverer, type Delivery, type RetryPolicy } from './webhooks/deliverer.js';

export interface StripeEmulatorOptions {
  /** 0 or absent: a free one. */
  port?: number;
  /** A loopback address; the emulator has no other protection. */
  host?: '127.0.0.1' | '::1' | 'localhost';
  /** Keys that are let in, each an account's own for idempotency. */
  secretKeys: readonly string[];
  webhook?: { url: string; secret: string; enabledEvents?: readonly string[] };
  /** Where the truth is kept across restarts; in memory only when absent. */
  stateFile?: string;
  /** Seed of the fault plan's random numbers. */
  seed?: number;
  clock?: () => Date;
  /** How long every request takes; its idempotency key is in use meanwhile. */
  latencyMs?: number;
  /** Until search finds a new intent. */
  searchLagMs?: number;
  /** Until a captured charge has its balance transaction. */
  balanceTransactionLagMs?: number;
  /** Until a refund that does not settle at once changes. */
  refundLagMs?: number;
  /** Until a card disputes its payment, and until the bank has read the evidence. */
  disputeLagMs?: number;
  webhookRetry?: Partial<RetryPolicy>;
}

const RETRY: RetryPolicy = { firstMs: 250, maxMs: 10_000, attempts: 100 };

/** A running emulator. Everything here is also under `/__emulator/` of its own address. */
export class StripeEmulator {
  readonly baseUrl: string;
  readonly port: number;
  /** What the buyers' banks do. */
  readonly bank: Bank;
  private closed: Promise<void> | undefined;

  private constructor(
    private readonly world: World,
    private readonly plan: Faults,
    private readonly pipeline: Pipeline,
    private readonly webhooks: WebhookDeliverer,
    private readonly journal: Journal | null,
    private readonly server: Server,
    host: string,
  ) {
    this.port = portOf(server);
    this.baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${String(this.port)}`;
    world.baseUrl = this.baseUrl;
    this.bank = new Bank(world);
  }

  /** Loads the state and listens. Refuses addresses that are not loopback. */
  static async start(options: StripeEmulatorOptions): Promise<StripeEmulator> {
    const host = options.host ?? '127.0.0.1';
    if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
      throw new Error(`the Stripe emulator listens on loopback only, not on ${host}`);
    }
    const { searchLagMs = 2000, balanceTransactionLagMs = 500 } = options;
    const { refundLagMs = 1500, disputeLagMs = 1000 } = options;
    const world = new World(options.clock ?? (() => new Date()), {
      searchLagMs,
      balanceTransactionLagMs,
      refundLagMs,
      disputeLagMs,
    });
    const plan = new Faults(options.seed ?? 1);
    const pipeline = new Pipeline(world, plan, accounts(options.secretKeys));
    pipeline.latencyMs = options.latencyMs ?? 0;
    const webhooks = new WebhookDeliverer(world, plan, { ...RETRY, ...options.webhookRetry });
    webhooks.setEndpoint(options.webhook ?? null);
    world.publish = (event) => webhooks.publish(event);
    const journal = options.stateFile === undefined ? null : journalOf(world, options.stateFile);
    await journal?.open();

    const respond = (request: RawRequest) => emulator.respond(request);
    const server = await listen(host, options.port ?? 0, respond);
    const emulator = new StripeEmulator(world, plan, pipeline, webhooks, journal, server, host);
    resume(world);
    webhooks.resume(world.events.all());
    return emulator;
  }

  setWebhook(url: string, secret: string, enabledEvents?: readonly string[]): void {
    this.webhooks.setEndpoint({
      url,
      secret,
      ...(enabledEvents === undefined ? {} : { enabledEvents }),
    });
  }

  clearWebhook(): void {
    this.webhooks.setEndpoint(null);
  }

  setFaults(plan: FaultPlan): void {
    this.plan.set(plan);
  }

  /** The fault rules in force, with how often each has fired. */
  faults(): (FaultRule & { fired: number })[] {
    return this.plan.report();
  }

  setLatency(latencyMs: number): void {
    this.pipeline.latencyMs = latencyMs;
  }

  setLags(lags: Partial<Lags>): void {
    Object.assign(this.world.lags, lags);
  }

  truth(): TruthDump {
    return truth(this.world);
  }

  /**
   * Delivers an event again: `times` under its id, or as many copies with ids of their own.
   * Answers the event ids delivered. Throws `StripeFailure` without the event or an endpoint.
   */
  redeliver(id: string, { times = 1, asNew = false } = {}): string[] {
    const event = this.world.events.get(id);
    if (event === undefined) throw noSuch('event', id, 'id', 404);
    const told = asNew ? Array.from({ length: times }, () => this.world.copyOf(event)) : [event];
    const sent = told.every((each) => this.webhooks.redeliver(each, asNew ? 1 : times));
    if (!sent) throw invalidRequest('There is no webhook endpoint.');
    return told.map((each) => each.id);
  }

  deliveries(): { deliveries: readonly Delivery[]; pending: number } {
    return this.webhooks.report();
  }

  /** Every event that is kept, oldest first, and whether an endpoint has taken it. */
  news(): { id: string; type: string; object: object; taken: boolean }[] {
    return this.world.events.all().map(({ id, type, object, pendingWebhooks }) => ({
      id,
      type,
      object,
      taken: pendingWebhooks === 0,
    }));
  }

  /** Cuts every connection and writes the state; once, however often it is called. */
  close(): Promise<void> {
    this.closed ??= this.shutDown();
    return this.closed;
  }

  private async shutDown(): Promise<void> {
    this.pipeline.stop();
    this.webhooks.close();
    await shut(this.server);
    this.world.stop();
    await this.journal?.close();
  }

  private respond(request: RawRequest): Answer | null | Promise<Answer | null> {
    const { method, path, query, body, headers } = request;
    if (path.startsWith('/__emulator/')) return control(this, request);
    if (path.startsWith('/3ds/')) return challenge(this.world, request);
    return this.pipeline.answer({
      method,
      path,
      query,
      body,
      authorization: headers.authorization,
      idempotencyKey: headers['idempotency-key'] as string | undefined,
      version: headers['stripe-version'] as string | undefined,
    });
  }
}

function journalOf(world: World, file: string): Journal {
  const { intents, charges, refunds, disputes, methods, transactions } = world;
  const { events, idempotency } = world;
  const money = { intents, charges, refunds, disputes, methods, transactions };
  const kinds = { ...money, idempotency, events };
  // Events are several times the size of all else and do not change what is true.
  return new Journal(file, kinds, ['events']);
}
