import { CommandBus } from '@nestjs/cqrs';
import Stripe from 'stripe';
import { newId } from '../../src/kernel/ids.js';
import { Janitor } from '../../src/payments/infra/janitor.js';
import { CloseRun } from '../../src/reconciliation/commands/close-run.js';
import { ImportLines } from '../../src/reconciliation/commands/import-lines.js';
import { MatchLines } from '../../src/reconciliation/commands/match-lines.js';
import { SettleStale } from '../../src/reconciliation/commands/settle-stale.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Backup } from '../support/backup.js';
import { Client, type Reply } from '../support/client.js';
import { type Report, reportOf } from '../support/reconcile.js';
import {
  letTimePass,
  type OneTypeEvent,
  orderOf,
  type OrderWish,
  PROCESS,
  query,
  Shop,
} from '../support/shop.js';

export const idOf = ({ body }: Reply): string => String(body.transaction.id);

/** An application with a backup, that learns what it forgot from the provider's account alone. */
export class RestoredWorld {
  private constructor(
    readonly running: RunningApp,
    readonly backup: Backup,
    readonly shop: Shop,
    readonly admin: Client,
    /** The provider's own dashboard, as far as a test presses its buttons. */
    readonly dashboard: Stripe,
  ) {}

  static async open(): Promise<RestoredWorld> {
    const running = await startApp({ ROLE: 'api' });
    const { world, url } = running;
    world.stripe.clearWebhook();
    world.stripe.setLags({ balanceTransactionLagMs: 0 });
    const backup = await Backup.connect(world.description.databaseUrl);
    const shop = new Shop(world);
    const { hostname: host, port } = new URL(world.stripe.baseUrl);
    const options = { host, port, protocol: 'http', maxNetworkRetries: 0 } as const;
    const dashboard = new Stripe(world.env.STRIPE_SECRET_KEY ?? '', options);
    return new RestoredWorld(running, backup, shop, await shop.as(url, 'admin'), dashboard);
  }

  async close(): Promise<void> {
    await this.backup.end();
    await this.running.close();
  }

  get truth() {
    return this.running.world.stripe.truth();
  }

  /** The provider's charge of a payment. */
  chargeOf(paymentId: string) {
    const charge = this.truth.charges.find(({ metadata }) => metadata.payment_id === paymentId);
    if (!charge) throw new Error(`${paymentId} was not charged`);
    return charge;
  }

  async order(event: OneTypeEvent, wish: OrderWish = {}): Promise<Reply> {
    const buyer = await this.shop.buyer(this.running.url);
    return buyer.pay(PROCESS, orderOf(event, wish));
  }

  async payment(id: string): Promise<Reply['body']['transaction']> {
    return (await this.admin.get(`/api/v1/payments/transaction/${id}`)).body.transaction;
  }

  /** As it is stored, untouched by reading; undefined where nothing knows of it. */
  async status(id: string): Promise<unknown> {
    const text = 'SELECT status FROM payment_transactions WHERE id = $1';
    return (await query(this.running.world, text, [id]))[0]?.status;
  }

  /** What the tickets of a payment are, each once. */
  async tickets(id: string): Promise<unknown[]> {
    const text = 'SELECT DISTINCT status FROM tickets WHERE payment_id = $1';
    return (await query(this.running.world, text, [id])).map(({ status }) => status);
  }

  /** Everything that is due by now is settled, as a worker would. */
  async work(): Promise<void> {
    await letTimePass(this.running.world);
    await this.running.app.get(Janitor).pass();
  }

  /** A whole run of a tenant, step by step. */
  async reconcile(tenantId = this.running.world.cast.tenantId): Promise<Report> {
    const { world, url, app } = this.running;
    const token = await world.mintToken({ sub: newId(), tenantId, roles: ['admin'] });
    const admin = new Client(url, token);
    const id = String((await admin.post('/admin/reconciliation/runs', {})).body.id);
    const bus = app.get(CommandBus);
    for (const Step of [ImportLines, MatchLines, SettleStale, CloseRun]) {
      await bus.execute(new Step(tenantId, id));
    }
    return reportOf(admin, id);
  }

  /** A run of the platform itself: what nobody claims is its, and what nobody has completed. */
  reconcilePlatform(): Promise<Report> {
    return this.reconcile(this.running.world.cast.platformTenantId);
  }
}
