import { randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import { CARDS } from '../../src/sandbox/cards.js';
import { toCents } from '../../src/kernel/money/index.js';
import { openItem } from '../../src/kernel/open-items/index.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { ReviewPayment } from '../../src/payments/commands/review-payment.js';
import { disputeIdOf } from '../../src/payments/domain/decide-dispute.js';
import type { RunningApp } from './app.js';
import { Client } from './client.js';
import { asService, asStripe, asUser, type Signer } from './signers.js';

/** A request that its route accepts. */
export interface Sample {
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Who sends it; nobody in particular when absent. */
  readonly signer?: Signer;
}

type Make = (userId: string) => Sample | Promise<Sample>;

/** The key of every route that takes a body, and one valid example of its request. */
export class SampleRequests {
  /** The buyer's payment that the reads and the confirmation are about. */
  readonly paymentId: string;
  private looked: Promise<string> | undefined;

  private constructor(
    private readonly running: RunningApp,
    private readonly tokens: { readonly buyer: string; readonly admin: string },
    paymentId: string,
  ) {
    this.paymentId = paymentId;
  }

  static async prepare(running: RunningApp): Promise<SampleRequests> {
    const { identities, cast } = running.world;
    const tokens = {
      buyer: await identities.tokenOf('buyer'),
      admin: await identities.tokenOf('admin'),
    };
    const nobody = new SampleRequests(running, tokens, '');
    await nobody.openRefundWindow();
    const { path, body } = await nobody.of('POST /api/v1/payments/process', cast.users.buyer);
    const bought = await new Client(running.url, tokens.buyer).pay(path, body);
    if (bought.status !== 200) throw new Error(`the first purchase failed: ${bought.text}`);
    return new SampleRequests(running, tokens, String(bought.body.transaction.id));
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

  private get event() {
    const { description, cast } = this.running.world;
    const event = description.events.find(({ id }) => id === cast.events.generalAdmission);
    const type = event?.ticketTypes[0];
    if (!event || !type) throw new Error('the world has no general admission');
    const line = { ticketTypeId: type.id, quantity: 2, price: type.priceCents };
    return { ids: { venueId: event.venueId, eventId: event.id }, line, type };
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
        venueId: this.event.ids.venueId,
      },
    }),
    'POST /internal/payment-complete': async () => {
      const orderId = `order_${randomUUID()}`;
      const bought = await this.buy({ orderId });
      return {
        path: '/internal/payment-complete',
        signer: asService(this.running.world.description),
        body: { orderId, paymentId: bought },
      };
    },
    'GET /admin/stats': () => this.byAdmin('/admin/stats'),
    'GET /metrics': () => this.byAdmin('/metrics'),
    'GET /admin/audit': () => this.byAdmin('/admin/audit'),
    'GET /admin/open-items': async () => {
      await this.openItem();
      return this.byAdmin('/admin/open-items');
    },
    'POST /admin/open-items/{id}/resolve': async () => ({
      ...this.byAdmin(`/admin/open-items/${await this.openItem()}/resolve`),
      body: { reason: 'Found at the provider and refunded by hand' },
    }),
    'POST /admin/reconciliation/runs': () => this.byAdmin(RUNS),
    'GET /admin/reconciliation/runs': () => this.byAdmin(RUNS),
    'GET /admin/reconciliation/runs/{id}': async () =>
      this.byAdmin(`${RUNS}/${await this.reconciliationRun()}`),
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
      path: '/api/v1/payments/process',
      signer: asUser(this.tokens.buyer),
      body: {
        ...this.event.ids,
        tickets: [this.event.line],
        paymentMethod: { type: 'card', paymentMethodId: 'pm_card_visa' },
        orderId: `order_${randomUUID()}`,
        quote: await this.quote(userId),
        recipient: {
          blockchain: 'polygon',
          address: '0x52908400098527886E0F7030069857D2E4169EE7',
        },
        captureMethod: 'automatic',
        deviceFingerprint: 'fp_8f14e45fceea167a',
        sessionData: {
          actions: [{ type: 'keydown', t: 12, x: 1.5, y: 2, target: '#pay', key: 'Tab' }],
          browserFeatures: { platform: 'MacIntel', webdriver: false },
        },
      },
    }),
    'POST /api/v1/payments/calculate-fees': () => ({
      path: '/api/v1/payments/calculate-fees',
      signer: asUser(this.tokens.buyer),
      body: {
        ...this.event.ids,
        amount: this.event.type.priceCents * 2,
        ticketCount: 2,
        tickets: [this.event.line],
      },
    }),
    'POST /api/payments/charge': async (userId) => {
      const { eventId } = this.event.ids;
      const { ticketTypeId, quantity } = this.event.line;
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
          amount: (await this.fees(userId)).total,
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
      ...this.byAdmin(`/api/v1/payments/transaction/${await this.buy({})}/refund`),
      body: REFUND,
    }),
    'POST /api/payments/{paymentId}/refund': async () => ({
      ...this.byAdmin(`/api/payments/${await this.buy({})}/refund`),
      body: REFUND,
    }),
    'POST /api/v1/payments/transaction/{transactionId}/capture': async () => ({
      ...this.byAdmin(`/api/v1/payments/transaction/${await this.hold()}/capture`),
      body: { amount: 9_000 },
    }),
    'POST /api/v1/payments/transaction/{transactionId}/cancel': async () =>
      this.byAdmin(`/api/v1/payments/transaction/${await this.wait()}/cancel`),
    'POST /api/v1/events/{eventId}/cancel': () => ({
      ...this.byAdmin(`/api/v1/events/${this.otherEvent()}/cancel`),
      body: { reason: 'The venue is flooded', refundFees: true },
    }),
    'GET /api/v1/events/{eventId}/cancel': async () => {
      const path = `/api/v1/events/${this.otherEvent()}/cancel`;
      await new Client(this.running.url, this.tokens.admin).post(path, {});
      return this.byAdmin(path);
    },
    'GET /api/v1/disputes': async () => {
      await this.shownDispute();
      return this.byAdmin('/api/v1/disputes?status=needs_response&limit=50');
    },
    'GET /api/v1/disputes/{disputeId}': async () =>
      this.byAdmin(`/api/v1/disputes/${await this.shownDispute()}`),
    'POST /api/v1/disputes/{disputeId}/evidence': async () => ({
      ...this.byAdmin(`/api/v1/disputes/${await this.dispute()}/evidence`),
      body: { submit: true, evidence: { uncategorized_text: 'Scanned at gate 4' } },
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

  private ofPayment(rest: string): Sample {
    return this.byBuyer(`/api/v1/payments/transaction/${this.paymentId}${rest}`);
  }

  private ofVenue(what: string): Sample {
    return this.byAdmin(`/api/v1/venues/${this.event.ids.venueId}/${what}`);
  }

  private ofEvent(): Sample {
    return this.byAdmin(`/api/v1/events/${this.event.ids.eventId}/settings`);
  }

  /** One dispute does for everybody who only looks. */
  private shownDispute(): Promise<string> {
    this.looked ??= this.dispute();
    return this.looked;
  }

  /** A disputed payment of the buyer's; answers the dispute's id. */
  private async dispute(): Promise<string> {
    const { app, world } = this.running;
    const { line } = this.event;
    const one = { tickets: [{ ...line, quantity: 1 }], quote: undefined };
    const paymentId = await this.buy(one);
    const { charges } = world.stripe.truth();
    const charge = charges.find(({ metadata }) => metadata.payment_id === paymentId);
    const { id } = world.stripe.bank.openDispute(charge?.id ?? '') as { id: string };
    await app.get(CommandBus).execute(new ReviewPayment(world.cast.tenantId, paymentId));
    return disputeIdOf(paymentId, id);
  }

  /** Something for a human to do; answers its id. */
  private async openItem(): Promise<string> {
    const { tenantId } = this.running.world.cast;
    const subjectId = randomUUID();
    const [, found] = await this.running.app.get(Database).transact(tenantId, [
      openItem(tenantId, {
        kind: 'refund_unknown',
        subjectType: 'refund',
        subjectId,
        cause: 'The provider does not know the refund',
        atRisk: { cents: toCents(11_845), currency: 'USD' },
        details: { attempts: 12 },
      }),
      sql`SELECT id FROM open_items WHERE tenant_id = ${tenantId} AND subject_id = ${subjectId}`,
    ]);
    return String(found?.rows[0]?.id);
  }

  /** Lets buyers refund what they buy from now on. */
  private async openRefundWindow(): Promise<void> {
    const path = `/api/v1/events/${this.event.ids.eventId}/settings`;
    const body = { settings: { refundPolicy: { windowHours: 24 } } };
    await new Client(this.running.url, this.tokens.admin).send(
      'PUT',
      path,
      JSON.stringify(body),
      {},
    );
  }

  /** An authorized payment; answers its id. */
  private hold(): Promise<string> {
    return this.buy({ captureMethod: 'manual' });
  }

  /** A payment that waits for its buyer; answers its id. */
  private wait(): Promise<string> {
    const card = { type: 'card', paymentMethodId: CARDS.threeDSecure };
    return this.buy({ paymentMethod: card });
  }

  /** An event that nobody else asks about; answers its id. */
  private otherEvent(): string {
    const { venueId } = this.event.ids;
    const ticketTypes = [{ name: 'Any', priceCents: 5_000, capacity: 10, seated: false }];
    return this.running.world.tickets.createEvent({ venueId, capacity: 10, ticketTypes }).id;
  }

  private async reconciliationRun(): Promise<string> {
    const begun = await new Client(this.running.url, this.tokens.admin).post(RUNS, {});
    return String(begun.body.id);
  }

  private async buy(more: object): Promise<string> {
    const { path, body } = await this.of('POST /api/v1/payments/process');
    const client = new Client(this.running.url, this.tokens.buyer);
    const bought = await client.pay(path, { ...body, ...more });
    if (bought.status !== 200) throw new Error(`a purchase failed: ${bought.text}`);
    return String(bought.body.transaction.id);
  }

  private async quote(userId: string): Promise<unknown> {
    return (await this.fees(userId)).quote;
  }

  /** What the sample purchase costs a user, and the quote that is bound to them. */
  private async fees(userId: string): Promise<Readonly<Record<string, unknown>>> {
    const { identities, cast } = this.running.world;
    const token = await identities.mintToken({
      sub: userId,
      tenantId: cast.tenantId,
      roles: ['user'],
    });
    const { ids, line } = this.event;
    const answer = await new Client(this.running.url, token).post(
      '/api/v1/payments/calculate-fees',
      { ...ids, tickets: [line] },
    );
    return answer.body;
  }
}

const REFUND = { amount: 1_000, reason: 'Customer requested cancellation' };

const RUNS = '/admin/reconciliation/runs';

const ADDRESS = { street: '501 Broadway', city: 'Nashville', state: 'TN', zip: '37203' };

const SETTINGS = {
  settings: {
    platformFeePayer: 'buyer',
    gasFeePayer: 'buyer',
    processingFeePayer: 'platform',
    refundPolicy: {
      windowHours: 24,
      refundPlatformFee: false,
      refundGas: false,
      refundProcessingFee: false,
      freeSeats: true,
    },
    purchaseLimits: { perUser: 500, perPaymentMethod: 500, perAddress: 500, maxTicketsPerOrder: 4 },
    highDemand: false,
    groupExpiryMinutes: 10,
    resale: { maxPriceBps: 25_000, minPriceBps: 5_000 },
    blockchain: 'auto',
  },
  effectiveFrom: '2031-06-01T05:00:00Z',
};
