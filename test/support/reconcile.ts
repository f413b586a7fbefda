import { CommandBus } from '@nestjs/cqrs';
import { SchedulerRegistry } from '@nestjs/schedule';
import Stripe from 'stripe';
import { PeriodicTasks } from '../../src/kernel/jobs/periodic.js';
import { SAGA_DISPATCHER } from '../../src/kernel/saga/index.js';
import { ReviewPayment } from '../../src/payments/payments.contract.js';
import { RECONCILIATION } from '../../src/reconciliation/infra/schedule.js';
import { type RunningApp, startApp } from './app.js';
import type { Client, Reply } from './client.js';
import { eventually, type OneTypeEvent, orderOf, PROCESS, query, Shop } from './shop.js';

/** A difference as a run's report tells it. */
export interface ReportedDifference {
  readonly id: string;
  readonly cause: string;
  readonly movement: string;
  readonly subjectId: string;
  readonly paymentId: string | null;
  readonly cents: number;
  readonly fix: string | null;
}

export interface ReportedBalance {
  readonly currency: string;
  readonly providerCents: number;
  readonly ledgerCents: number;
  readonly differenceCents: number;
  readonly explainedCents: number;
}

export interface Report {
  readonly run: {
    readonly id: string;
    readonly status: string;
    readonly reason: string | null;
    readonly figures: Readonly<Record<string, unknown>> & {
      readonly balances: readonly ReportedBalance[];
    };
  };
  readonly differences: readonly ReportedDifference[];
  readonly totals: readonly { readonly cause: string; readonly cents: number }[];
}

const RUNS = '/admin/reconciliation/runs';

export async function reportOf(admin: Client, id: string): Promise<Report> {
  return (await admin.get(`${RUNS}/${id}`)).body as unknown as Report;
}

/** An application that learns what happens at the provider from its account alone: no webhooks. */
export class Books {
  private constructor(
    readonly running: RunningApp,
    readonly shop: Shop,
    readonly admin: Client,
    /** The provider's own dashboard, as far as a test presses its buttons. */
    readonly dashboard: Stripe,
  ) {}

  static async open(): Promise<Books> {
    const running = await startApp();
    // A run begins when a test says so, and finds what the test has left it.
    await running.app.get(SchedulerRegistry).getCronJob(RECONCILIATION).stop();
    const { stripe, env } = running.world;
    stripe.clearWebhook();
    stripe.setLags({ balanceTransactionLagMs: 0 });
    const shop = new Shop(running.world);
    const { hostname: host, port } = new URL(stripe.baseUrl);
    const options = { host, port, protocol: 'http', maxNetworkRetries: 0 } as const;
    const dashboard = new Stripe(env.STRIPE_SECRET_KEY ?? '', options);
    return new Books(running, shop, await shop.as(running.url, 'admin'), dashboard);
  }

  close(): Promise<void> {
    return this.running.close();
  }

  get truth() {
    return this.running.world.stripe.truth();
  }

  /** Buys two tickets; answers the answer. */
  async order(event: OneTypeEvent): Promise<Reply> {
    const buyer = await this.shop.buyer(this.running.url);
    return buyer.pay(PROCESS, orderOf(event, { quantity: 2 }));
  }

  /** Buys two tickets; answers the payment's id. */
  async buy(event: OneTypeEvent): Promise<string> {
    const reply = await this.order(event);
    if (reply.status !== 200) throw new Error(`not bought: ${reply.text}`);
    return String(reply.body.transaction.id);
  }

  /** The provider's charge of a payment. */
  chargeOf(paymentId: string) {
    const charge = this.truth.charges.find(({ metadata }) => metadata.payment_id === paymentId);
    if (!charge) throw new Error(`${paymentId} was not charged`);
    return charge;
  }

  async payment(id: string): Promise<Reply['body']['transaction']> {
    return (await this.admin.get(`/api/v1/payments/transaction/${id}`)).body.transaction;
  }

  /** Brings a payment to all that the provider holds of it, as a webhook would. */
  async review(paymentId: string): Promise<void> {
    const { tenantId } = this.running.world.cast;
    await this.running.app.get(CommandBus).execute(new ReviewPayment(tenantId, paymentId));
  }

  /** As it is stored: a payment that is unknown is not asked for, as reading it through the API would. */
  async status(id: string): Promise<unknown> {
    const text = 'SELECT status FROM payment_transactions WHERE id = $1';
    return (await query(this.running.world, text, [id]))[0]?.status;
  }

  /** The janitor would be faster than a run. */
  async leaveToTheRun(paymentId: string): Promise<void> {
    await query(
      this.running.world,
      `UPDATE payment_intents SET next_attempt_at = now() + interval '1 hour'
        WHERE payment_id = $1 AND next_attempt_at IS NOT NULL`,
      [paymentId],
    );
  }

  /** What journals of a kind posted for a payment, line by line. */
  posted(paymentId: string, kind: string): Promise<Record<string, unknown>[]> {
    return query(
      this.running.world,
      `SELECT e.account, e.amount_cents::integer AS cents FROM ledger_journals j
        JOIN ledger_entries e ON (e.tenant_id, e.journal_id) = (j.tenant_id, j.id)
        WHERE j.reference_id = $1 AND j.kind = $2 ORDER BY e.line`,
      [paymentId, kind],
    );
  }

  /** Begins a run, or meets the one under way; answers its id. */
  async start(admin = this.admin): Promise<string> {
    const { status, body, text } = await admin.post(RUNS, {});
    if (status !== 201) throw new Error(`no run began: ${text}`);
    return String(body.id);
  }

  /** Waits until a run has come to a status, and answers its report. */
  becomes(id: string, status: string, admin = this.admin): Promise<Report> {
    const tasks = this.running.app.get(PeriodicTasks);
    return eventually(async () => {
      // Steps follow each other within a second each; a test need not wait for that.
      tasks.nudge(SAGA_DISPATCHER);
      const report = await reportOf(admin, id);
      return report.run.status === status && report;
    }, `run ${id} to be ${status}`);
  }

  /** Holds the two sides against each other, and answers what was found. */
  async reconcile(admin = this.admin): Promise<Report> {
    return this.becomes(await this.start(admin), 'completed', admin);
  }
}
