import { randomUUID } from 'node:crypto';
import type { RunningApp } from './app.js';
import { Client } from './client.js';
import { fraudSamples } from './fraud-samples.js';
import { reviewSamples } from './review-samples.js';
import { ADDRESS, EVIDENCE, SETTINGS } from './sample-bodies.js';
import { nftSamples } from './nft-samples.js';
import { SampleScene } from './sample-scene.js';
import { asService, asStripe, asUser, type Signer } from './signers.js';
import { providerAccountSamples } from './provider-account-samples.js';
import { waitingRoomSamples } from './waiting-room-samples.js';
import { webhookSamples } from './webhook-samples.js';

/** A request that its route accepts. */
export interface Sample {
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Who sends it; nobody in particular when absent. */
  readonly signer?: Signer;
}

export type Make = (userId: string) => Sample | Promise<Sample>;

/** The key of every route that takes a body, and one valid example of its request. */
export class SampleRequests {
  private constructor(
    private readonly running: RunningApp,
    private readonly tokens: { readonly buyer: string; readonly admin: string },
    private readonly scene: SampleScene,
    /** The buyer's payment that the reads and the confirmation are about. */
    readonly paymentId: string,
  ) {}

  static async prepare(running: RunningApp): Promise<SampleRequests> {
    const { identities } = running.world;
    const tokens = {
      buyer: await identities.tokenOf('buyer'),
      admin: await identities.tokenOf('admin'),
    };
    const scene = new SampleScene(running, tokens);
    await scene.openRefundWindow();
    return new SampleRequests(running, tokens, scene, await scene.buy());
  }

  get keys(): string[] {
    return Object.keys(this.make);
  }

  /** A fresh valid request, by the user given or by whom the route is for. */
  async of(key: string, userId = this.running.world.cast.users.buyer): Promise<Sample> {
    const make = this.make[key];
    if (!make) throw new Error(`${key} has no sample request`);
    return make(userId);
  }

  private readonly make: Readonly<Record<string, Make>> = {
    'POST /webhooks/{provider}': () => ({
      path: '/webhooks/stripe',
      signer: asStripe(this.running.world.description),
      body: {
        id: `evt_${randomUUID()}`,
        object: 'event',
        type: 'customer.created',
        livemode: false,
        data: { object: { id: 'cus_1', object: 'customer' } },
      },
    }),
    'GET /api/v1/settings': () => this.byAdmin('/api/v1/settings'),
    'PUT /api/v1/settings': () => ({ ...this.byAdmin('/api/v1/settings'), body: SETTINGS }),
    'GET /api/v1/venues/{venueId}/settings': () => this.ofVenue('settings'),
    'GET /api/v1/venues/{venueId}/balance': () => this.ofVenue('balance'),
    'GET /api/v1/venues/{venueId}/balance/explain': () => this.ofVenue('balance/explain'),
    'PUT /api/v1/venues/{venueId}/settings': () => ({
      ...this.ofVenue('settings'),
      body: SETTINGS,
    }),
    'GET /api/v1/events/{eventId}/settings': () => this.ofEvent(),
    'PUT /api/v1/events/{eventId}/settings': () => ({ ...this.ofEvent(), body: SETTINGS }),
    'POST /internal/calculate-tax': () => ({
      path: '/internal/calculate-tax',
      signer: asService(this.running.world.description),
      body: {
        amount: 10_000,
        venueAddress: { ...ADDRESS, county: 'Davidson', country: 'US' },
        customerAddress: ADDRESS,
        saleDate: '2026-11-21',
        ticketCount: 2,
        venueId: this.scene.event.ids.venueId,
      },
    }),
    'POST /internal/payment-complete': async () => {
      const orderId = `order_${randomUUID()}`;
      const bought = await this.scene.buy({ orderId });
      return {
        path: '/internal/payment-complete',
        signer: asService(this.running.world.description),
        body: { orderId, paymentId: bought },
      };
    },
    ...this.webhookSamples(),
    ...this.waitingRoomSamples(),
    ...nftSamples(
      this.running,
      (path) => this.byBuyer(path),
      (path) => this.byAdmin(path),
    ),
    'GET /events': () => ({ path: '/events' }),
    'GET /events/catalogue': () => ({ path: '/events/catalogue' }),
    'GET /admin/stats': () => this.byAdmin('/admin/stats'),
    ...providerAccountSamples(this.scene, (path) => this.byAdmin(path)),
    ...reviewSamples(this.scene, (path) => this.byAdmin(path)),
    ...fraudSamples(this.running, (path) => this.byAdmin(path)),
    'GET /admin/rate-limits': () => this.byAdmin('/admin/rate-limits'),
    'PUT /admin/rate-limits': () => ({
      ...this.byAdmin('/admin/rate-limits'),
      body: { limits: [{ name: 'user', perMinute: 1_000_000 }] },
    }),
    'GET /metrics': () => this.byAdmin('/metrics'),
    'GET /admin/audit': () => this.byAdmin('/admin/audit'),
    'GET /admin/queues': () => this.byAdmin('/admin/queues'),
    'GET /admin/open-items': async () => {
      await this.scene.openItem();
      return this.byAdmin('/admin/open-items');
    },
    'POST /admin/open-items/{id}/resolve': async () => ({
      ...this.byAdmin(`/admin/open-items/${await this.scene.openItem()}/resolve`),
      body: { reason: 'Found at the provider and refunded by hand' },
    }),
    'GET /admin/dead-letters': async () => {
      await this.scene.deadLetter();
      return this.byAdmin('/admin/dead-letters');
    },
    'POST /admin/dead-letters/redrive': async () => {
      await this.scene.deadLetter();
      const body = { type: 'payment.completed' };
      return { ...this.byAdmin('/admin/dead-letters/redrive'), body };
    },
    'POST /admin/dead-letters/{eventId}/redrive': async () =>
      this.byAdmin(`/admin/dead-letters/${await this.scene.deadLetter()}/redrive`),
    'POST /admin/reconciliation/runs': () => this.byAdmin(RUNS),
    'GET /admin/reconciliation/runs': () => this.byAdmin(RUNS),
    'GET /admin/reconciliation/runs/{id}': async () =>
      this.byAdmin(`${RUNS}/${await this.scene.reconciliationRun()}`),
    'GET /admin/tax/special-rules': () => this.byAdmin('/admin/tax/special-rules'),
    'POST /admin/tax/special-rules': () => ({
      ...this.byAdmin('/admin/tax/special-rules'),
      body: {
        scope: 'jurisdiction',
        scopeRef: 'US-TN-DAVIDSON',
        name: `Entertainment Tax ${randomUUID()}`,
        ratePpm: 10_000,
        base: 'tickets',
        effectiveFrom: '2031-01-01',
        effectiveTo: '2032-01-01',
      },
    }),
    'POST /api/v1/payments/process': async (userId) => ({
      ...this.byBuyer('/api/v1/payments/process'),
      body: await this.scene.purchase(userId),
    }),
    'POST /api/v1/payments/calculate-fees': () => ({
      path: '/api/v1/payments/calculate-fees',
      signer: asUser(this.tokens.buyer),
      body: {
        ...this.scene.event.ids,
        amount: this.scene.event.type.priceCents * 2,
        ticketCount: 2,
        tickets: [this.scene.event.line],
      },
    }),
    'POST /api/payments/charge': async (userId) => {
      const { eventId } = this.scene.event.ids;
      const { ticketTypeId, quantity } = this.scene.event.line;
      const order = this.running.world.orders.createOrder({
        eventId,
        userId,
        lines: [{ ticketTypeId, quantity }],
      });
      return {
        path: '/api/payments/charge',
        signer: asUser(this.tokens.buyer),
        body: {
          orderId: order.id,
          amount: (await this.scene.fees(userId)).total,
          currency: 'USD',
          paymentMethod: 'stripe',
          paymentMethodId: 'pm_card_visa',
          description: 'Event ticket purchase',
        },
      };
    },
    'POST /api/v1/payments/transaction/{transactionId}/confirm': () => this.ofPayment('/confirm'),
    'GET /api/v1/payments/transaction/{transactionId}': () => this.ofPayment(''),
    'GET /api/v1/payments/transaction/{transactionId}/events': () => this.ofPayment('/events'),
    'GET /api/v1/payments/transaction/{transactionId}/proof': () => this.ofPayment('/proof'),
    'POST /api/v1/payments/transaction/{transactionId}/refund': async () => ({
      ...this.byAdmin(`/api/v1/payments/transaction/${await this.scene.buy({})}/refund`),
      body: REFUND,
    }),
    'POST /api/payments/{paymentId}/refund': async () => ({
      ...this.byAdmin(`/api/payments/${await this.scene.buy({})}/refund`),
      body: REFUND,
    }),
    'POST /api/v1/payments/transaction/{transactionId}/capture': async () => ({
      ...this.byAdmin(`/api/v1/payments/transaction/${await this.scene.hold()}/capture`),
      body: { amount: 9_000 },
    }),
    'POST /api/v1/payments/transaction/{transactionId}/cancel': async () =>
      this.byAdmin(`/api/v1/payments/transaction/${await this.scene.wait()}/cancel`),
    'POST /api/v1/events/{eventId}/cancel': () => ({
      ...this.byAdmin(`/api/v1/events/${this.scene.otherEvent()}/cancel`),
      body: { reason: 'The venue is flooded', refundFees: true },
    }),
    'GET /api/v1/events/{eventId}/cancel': async () => {
      const path = `/api/v1/events/${this.scene.otherEvent()}/cancel`;
      await new Client(this.running.url, this.tokens.admin).post(path, {});
      return this.byAdmin(path);
    },
    'GET /api/v1/disputes': async () => {
      await this.scene.shownDispute();
      return this.byAdmin('/api/v1/disputes');
    },
    'GET /api/v1/disputes/{disputeId}': async () =>
      this.byAdmin(`/api/v1/disputes/${await this.scene.shownDispute()}`),
    'POST /api/v1/disputes/{disputeId}/evidence': async () => ({
      ...this.byAdmin(`/api/v1/disputes/${await this.scene.dispute()}/evidence`),
      body: { submit: true, evidence: EVIDENCE },
    }),
    'GET /api/payments/{paymentId}': () => this.byBuyer(`/api/payments/${this.paymentId}`),
    'GET /api/payments': () => this.byBuyer('/api/payments'),
    'GET /api/payments/stats/overview': () => this.byBuyer('/api/payments/stats/overview'),
    'GET /payments/return': () => ({ path: '/payments/return' }),
    'GET /health': () => ({ path: '/health' }),
    'GET /health/live': () => ({ path: '/health/live' }),
    'GET /health/ready': () => ({ path: '/health/ready' }),
    'GET /health/db': () => ({ path: '/health/db' }),
    'GET /info': () => ({ path: '/info' }),
  };

  private byBuyer(path: string): Sample {
    return { path, signer: asUser(this.tokens.buyer) };
  }

  private byAdmin(path: string): Sample {
    return { path, signer: asUser(this.tokens.admin) };
  }

  private webhookSamples() {
    return webhookSamples(this.scene, (path) => this.byAdmin(path));
  }

  private waitingRoomSamples() {
    return waitingRoomSamples({
      running: this.running,
      adminToken: this.tokens.admin,
      event: () => this.scene.otherEvent({ highDemand: true }),
      byBuyer: (path) => this.byBuyer(path),
      byAdmin: (path) => this.byAdmin(path),
    });
  }

  private ofPayment(rest: string): Sample {
    return this.byBuyer(`/api/v1/payments/transaction/${this.paymentId}${rest}`);
  }

  private ofVenue(what: string): Sample {
    return this.byAdmin(`/api/v1/venues/${this.scene.event.ids.venueId}/${what}`);
  }

  private ofEvent(): Sample {
    return this.byAdmin(`/api/v1/events/${this.scene.event.ids.eventId}/settings`);
  }
}

const REFUND = { amount: 1_000, reason: 'Customer requested cancellation' };

const RUNS = '/admin/reconciliation/runs';
