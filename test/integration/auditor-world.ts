import pg from 'pg';
import { type Finding, audit } from '../../src/auditor/audit.js';
import type { ProviderRecord } from '../../src/auditor/provider/provider-record.js';
import { CARDS } from '../../src/sandbox/cards.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import { providerRecord } from '../support/invariants/provider-record.js';
import { eventually, newKey, orderOf, PROCESS, query, Shop } from '../support/shop.js';

const COPY = '_damaged';

/** A world in which everything has happened that can be booked, whose application has gone. */
export class AuditedWorld {
  private user: string | null = null;

  private constructor(private readonly running: RunningApp) {}

  /** With so many sales more than each kind of history needs, some of them refunded in part. */
  static async open(more = 0): Promise<AuditedWorld> {
    const running = await startApp();
    await new History(running).happen(more);
    await running.app.close();
    return new AuditedWorld(running);
  }

  get env(): Readonly<Record<string, string>> {
    return this.running.world.env;
  }

  get damagedUrl(): string {
    return `${this.running.world.description.databaseUrl}${COPY}`;
  }

  record(): ProviderRecord {
    return providerRecord(this.running.world.stripe.truth());
  }

  /** A fresh copy of the database, damaged as nobody but a superuser can: no trigger runs. */
  async damage(statement: string): Promise<void> {
    const original = new URL(this.running.world.description.databaseUrl).pathname.slice(1);
    await this.dropCopy();
    await this.onServer(
      `CREATE DATABASE ${original}${COPY} TEMPLATE ${original} STRATEGY file_copy`,
    );
    const damaged = { description: { databaseUrl: this.damagedUrl } };
    await query(damaged, `SET session_replication_role = replica; ${statement}`);
  }

  /** What is violated, at rest unless `maxAgeSeconds` may pass. */
  async violations(record = this.record(), maxAgeSeconds = 0, url = this.damagedUrl) {
    return (await this.findings(record, maxAgeSeconds, url)).map(nameOf);
  }

  /** As `violations`, with what is violated in words. */
  async findings(
    record = this.record(),
    maxAgeSeconds = 0,
    url = this.damagedUrl,
  ): Promise<Finding[]> {
    const options = { maxAgeSeconds, keyLifetimeSeconds: 86_400 };
    const findings = await audit(url, () => Promise.resolve(record), options);
    return findings.filter(({ violations }) => violations.length > 0);
  }

  /** Rows of the undamaged database. */
  rows(text: string): Promise<Record<string, unknown>[]> {
    return query(this.running.world, text);
  }

  undamaged(): Promise<string[]> {
    return this.violations(this.record(), 0, this.running.world.description.databaseUrl);
  }

  /** A user as deployments have it; its password is its name. */
  async login(): Promise<string> {
    this.user = `auditor_${newKey().slice(0, 8)}`;
    await this.onServer(`CREATE ROLE ${this.user} LOGIN PASSWORD '${this.user}' NOSUPERUSER
      IN ROLE tickettoken_app, tickettoken_worker`);
    return this.user;
  }

  async close(): Promise<void> {
    await this.dropCopy();
    if (this.user !== null) await this.onServer(`DROP ROLE ${this.user}`);
    await this.running.world.close();
  }

  private async dropCopy(): Promise<void> {
    await this.onServer(`DROP DATABASE IF EXISTS ${new URL(this.damagedUrl).pathname.slice(1)}`);
  }

  private async onServer(statement: string): Promise<void> {
    const url = new URL(this.running.world.description.databaseUrl);
    url.pathname = '/postgres';
    const client = new pg.Client(url.toString());
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }
}

/** Tells a rule that was found broken from one that could not be asked. */
function nameOf({ invariant, rule, violations }: Finding): string {
  const unread = violations.some((each) => each.startsWith('could not be checked'));
  return `${invariant} ${rule}${unread ? ' (unread)' : ''}`;
}

/** Sales in every state, refunds and disputes with every outcome. */
class History {
  private readonly shop: Shop;

  constructor(private readonly running: RunningApp) {
    this.shop = new Shop(running.world);
  }

  async happen(more: number): Promise<void> {
    const { stripe } = this.running.world;
    stripe.setLags({ refundLagMs: 3_600_000, disputeLagMs: 50 });
    const admin = await this.shop.as(this.running.url, 'admin');
    await this.buy({ seats: ['A1', 'A2'] });
    await this.buy({ card: CARDS.declined }, 402);
    await this.buy({ rest: { captureMethod: 'manual' } });
    await this.act(admin, await this.buy({ rest: { captureMethod: 'manual' } }), 'cancel');
    const parted = await this.buy({ rest: { captureMethod: 'manual' } });
    await this.act(admin, parted, 'capture', { amount: 3_000 });
    const whole = await this.buy({});
    await this.act(admin, whole, 'refund');
    const byTicket = await this.buy({ seats: ['B1', 'B2'] });
    const text = 'SELECT id FROM tickets WHERE payment_id = $1 ORDER BY id';
    const [ticket] = await query(this.running.world, text, [byTicket]);
    await this.act(admin, byTicket, 'refund', { ticketIds: [ticket?.id] });
    await this.refundsThatFail(admin);
    await this.disputes();
    for (let i = 0; i < more; i++) {
      const id = await this.buy({});
      for (let k = i % 3; k > 0; k--) await this.act(admin, id, 'refund', { amount: 100 + 10 * i });
    }
    await this.quiet();
  }

  private async refundsThatFail(admin: Client): Promise<void> {
    const { stripe } = this.running.world;
    const returned = await this.buy({ card: CARDS.refundFail });
    const refused = await this.buy({ card: CARDS.pendingRefund });
    await this.act(admin, returned, 'refund', { amount: 700 });
    await this.act(admin, refused, 'refund', { amount: 800 });
    await this.act(admin, await this.buy({ card: CARDS.pendingRefund }), 'refund', { amount: 900 });
    for (const { id, amount } of stripe.truth().refunds) {
      if (amount === 700 || amount === 800) stripe.bank.settleRefund(id, 'failed');
    }
    await this.comesTo(returned, 'PAID');
    await this.comesTo(refused, 'PAID');
  }

  private async disputes(): Promise<void> {
    const { stripe } = this.running.world;
    const [open, won, lost] = await Promise.all([
      this.buy({ card: CARDS.dispute }),
      this.buy({ card: CARDS.dispute }),
      this.buy({ card: CARDS.dispute }),
    ]);
    for (const id of [open, won, lost]) await this.comesTo(id, 'DISPUTED');
    const { charges, disputes } = stripe.truth();
    const disputeOf = (payment: string) => {
      const charge = charges.find(({ metadata }) => metadata.payment_id === payment);
      return disputes.find((dispute) => dispute.charge === charge?.id)?.id ?? '';
    };
    stripe.bank.decideDispute(disputeOf(won), 'won');
    stripe.bank.decideDispute(disputeOf(lost), 'lost');
    await this.comesTo(won, 'PAID');
    await this.comesTo(lost, 'PARTIALLY_REFUNDED', 'REFUNDED');
  }

  private async buy(wish: Parameters<typeof orderOf>[1], status = 200): Promise<string> {
    const event = this.shop.event({ seated: wish?.seats !== undefined });
    const buyer = await this.shop.buyer(this.running.url);
    const reply = await buyer.pay(PROCESS, orderOf(event, { quantity: 2, ...wish }));
    expect(reply.status).toBe(status);
    return String(reply.body.transaction.id);
  }

  private async act(by: Client, paymentId: string, what: string, body: object = {}): Promise<void> {
    const reply = await by.pay(`/api/v1/payments/transaction/${paymentId}/${what}`, body, newKey());
    expect([what, reply.status]).toEqual([what, 200]);
  }

  private async comesTo(paymentId: string, ...statuses: string[]): Promise<void> {
    const text = 'SELECT status FROM payment_transactions WHERE id = $1';
    await eventually(
      async () => {
        const [row] = await query(this.running.world, text, [paymentId]);
        return statuses.includes(String(row?.status));
      },
      `payment ${paymentId} to be ${statuses.join(' or ')}`,
    );
  }

  /** Until everybody has heard of everything. */
  private async quiet(): Promise<void> {
    const { stripe } = this.running.world;
    await eventually(async () => {
      const [left] = await query(
        this.running.world,
        `SELECT (SELECT count(*) FROM outbox WHERE processed_at IS NULL)
          + (SELECT count(*) FROM webhook_inbox WHERE status IN ('pending', 'processing')) AS open`,
      );
      return Number(left?.open) === 0 && stripe.deliveries().pending === 0;
    }, 'everything to be told');
  }
}
