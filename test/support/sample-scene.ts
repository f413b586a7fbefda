import { randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import { newId } from '../../src/kernel/ids.js';
import { toCents } from '../../src/kernel/money/index.js';
import { openItem } from '../../src/kernel/open-items/index.js';
import { publish } from '../../src/kernel/outbox/index.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { ReviewPayment } from '../../src/payments/commands/review-payment.js';
import { disputeIdOf } from '../../src/payments/domain/decide-dispute.js';
import { CARDS } from '../../src/sandbox/cards.js';
import type { RunningApp } from './app.js';
import { Client } from './client.js';
import { accountWish } from './provider-account-samples.js';

/** What sample requests are about: made fresh for each, so that one does not spend another's. */
export class SampleScene {
  private looked: Promise<string> | undefined;
  private endpoint: Promise<string> | undefined;
  private account: Promise<string> | undefined;

  constructor(
    private readonly running: RunningApp,
    private readonly tokens: { readonly buyer: string; readonly admin: string },
  ) {}

  get event() {
    const { description, cast } = this.running.world;
    const event = description.events.find(({ id }) => id === cast.events.generalAdmission);
    const type = event?.ticketTypes[0];
    if (!event || !type) throw new Error('the world has no general admission');
    const line = { ticketTypeId: type.id, quantity: 2, price: type.priceCents };
    return { ids: { venueId: event.venueId, eventId: event.id }, line, type };
  }

  /** One dispute does for everybody who only looks. */
  shownDispute(): Promise<string> {
    this.looked ??= this.dispute();
    return this.looked;
  }

  /** A disputed payment of the buyer's; answers the dispute's id. */
  async dispute(): Promise<string> {
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

  /** One endpoint of webhooks does for everybody who leaves it there. */
  shownEndpoint(): Promise<string> {
    this.endpoint ??= this.webhookEndpoint();
    return this.endpoint;
  }

  /** An endpoint that hears of nothing but tests; answers its id. */
  async webhookEndpoint(): Promise<string> {
    const client = new Client(this.running.url, this.tokens.admin);
    const made = await client.post('/api/v1/webhooks/endpoints', {
      url: 'https://tickets.example.com/webhooks',
      eventTypes: ['webhook.test'],
    });
    return String(made.body.id);
  }

  /** One account does for everybody who leaves it there. */
  shownAccount(): Promise<string> {
    this.account ??= this.providerAccount();
    return this.account;
  }

  /** An account at the provider that nobody else uses; answers its id. */
  async providerAccount(): Promise<string> {
    const client = new Client(this.running.url, this.tokens.admin);
    const made = await client.post('/admin/provider-accounts', accountWish());
    return String(made.body.id);
  }

  /** A webhook that was given up; answers its id. */
  async failedDelivery(): Promise<string> {
    const client = new Client(this.running.url, this.tokens.admin);
    const path = `/api/v1/webhooks/endpoints/${await this.shownEndpoint()}/test`;
    const { id } = (await client.post(path, {})).body;
    await this.running.app.get(Database).transact(this.running.world.cast.tenantId, [
      sql`UPDATE webhook_deliveries SET status = 'failed', finished_at = now()
        WHERE id = ${String(id)}`,
    ]);
    return String(id);
  }

  /** Something for a human to do; answers its id. */
  async openItem(): Promise<string> {
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

  /** An event that somebody has rejected for good; answers its id. */
  async deadLetter(): Promise<string> {
    const { tenantId } = this.running.world.cast;
    const id = randomUUID();
    const database = this.running.app.get(Database);
    await database.transact(tenantId, [
      publish(tenantId, {
        ...{ id, type: 'payment.completed', version: 1, payload: { paymentId: randomUUID() } },
        ...{ aggregateType: 'payment', aggregateId: randomUUID(), occurredAt: new Date() },
      }),
    ]);
    await database.asWorker([
      sql`UPDATE outbox SET processed_at = now(), heard_at = now() WHERE event_id = ${id}`,
      sql`INSERT INTO outbox_dlq (tenant_id, original_id, event_id, aggregate_id, aggregate_type,
          event_type, payload, attempts, last_error, created_at)
        SELECT tenant_id, id, event_id, aggregate_id, aggregate_type, event_type, payload, 5,
          'receipts: Error: no such template', created_at
        FROM outbox WHERE event_id = ${id}`,
    ]);
    return id;
  }

  /** Lets buyers refund what they buy from now on. */
  async openRefundWindow(): Promise<void> {
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
  hold(): Promise<string> {
    return this.buy({ captureMethod: 'manual' });
  }

  /** A payment that waits for a reviewer; answers its id. */
  async inReview(): Promise<string> {
    const { identities, cast } = this.running.world;
    const userId = newId();
    await new Client(this.running.url, this.tokens.admin).post('/admin/fraud/known-scalpers', {
      ...{ userId, confidence: 0.6, reason: 'Resold 40 tickets in March' },
    });
    const { tenantId } = cast;
    const token = await identities.mintToken({ sub: userId, tenantId, roles: ['user'] });
    const body = await this.purchase(userId);
    const held = await new Client(this.running.url, token).pay('/api/v1/payments/process', body);
    if (held.status !== 202) throw new Error(`a purchase is not in review: ${held.text}`);
    return String(held.body.transaction.id);
  }

  /** A payment that waits for its buyer; answers its id. */
  wait(): Promise<string> {
    const card = { type: 'card', paymentMethodId: CARDS.threeDSecure };
    return this.buy({ paymentMethod: card });
  }

  /** An event that nobody else asks about; answers its id. */
  otherEvent({ highDemand = false } = {}): string {
    const { venueId } = this.event.ids;
    const ticketTypes = [{ name: 'Any', priceCents: 5_000, capacity: 10, seated: false }];
    const wish = { venueId, capacity: 10, highDemand, ticketTypes };
    return this.running.world.tickets.createEvent(wish).id;
  }

  async reconciliationRun(): Promise<string> {
    const client = new Client(this.running.url, this.tokens.admin);
    const begun = await client.post('/admin/reconciliation/runs', {});
    return String(begun.body.id);
  }

  /** The body of a purchase by a user, with every member. */
  async purchase(userId: string): Promise<Readonly<Record<string, unknown>>> {
    return {
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
      billingAddress: {
        line1: '116 5th Ave N',
        line2: 'Apt 4B',
        city: 'Nashville',
        state: 'TN',
        postalCode: '37219',
        country: 'US',
      },
      location: { latitude: 36.1627, longitude: -86.7816 },
      deviceFingerprint: 'fp_8f14e45fceea167a',
      sessionData: {
        actions: [{ type: 'keydown', t: 12, x: 1.5, y: 2, target: '#pay', key: 'Tab' }],
        browserFeatures: { platform: 'MacIntel', webdriver: false },
      },
    };
  }

  /** A payment of the buyer's; answers its id. */
  async buy(more: object = {}): Promise<string> {
    const client = new Client(this.running.url, this.tokens.buyer);
    const body = await this.purchase(this.running.world.cast.users.buyer);
    const bought = await client.pay('/api/v1/payments/process', { ...body, ...more });
    if (bought.status !== 200) throw new Error(`a purchase failed: ${bought.text}`);
    return String(bought.body.transaction.id);
  }

  private async quote(userId: string): Promise<unknown> {
    return (await this.fees(userId)).quote;
  }

  /** What the sample purchase costs a user, and the quote that is bound to them. */
  async fees(userId: string): Promise<Readonly<Record<string, unknown>>> {
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
