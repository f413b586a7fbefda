import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { toCents } from '../../kernel/money/index.js';
import { openItem } from '../../kernel/open-items/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { SettleEvidence } from '../commands/settle-evidence.js';
import { SettleOperation } from '../commands/settle-operation.js';
import { SettlePayment } from '../commands/settle-payment.js';
import { SettleRefund } from '../commands/settle-refund.js';
import { PaymentProvider } from './payment-provider.js';

const BATCH = 20;

/** How evidence is answered whose outcome nobody knows. */
const STILL_UNKNOWN = 202;

/** The provider's keys are about to be forgotten: from now on asking again could act twice. */
const HOPELESS_HOURS = 23;

interface Due {
  readonly tenantId: Uuid;
  readonly id: Uuid;
  readonly paymentId: Uuid;
  readonly cents: bigint;
  readonly currency: string;
  /** Open for longer than asking again is safe. */
  readonly hopeless: boolean;
}

/** One kind of operation at the provider that may have been left open. */
interface Queue {
  readonly name: string;
  readonly claim: Statement;
  readonly drawForward: Statement;
  /** Settles one from the provider's answer; is its outcome known now? */
  readonly settle: (due: Due) => Promise<boolean>;
}

/**
 * Finds operations nobody has heard of for a while and settles each from the provider's answer.
 * Every row has its own back-off, set when it is claimed: one that stays sick never starves the
 * others, and two processes never take the same one. What is still unknown after 23 hours becomes
 * an item for a human.
 */
@Injectable()
export class Janitor implements OnApplicationBootstrap {
  private readonly log = new Logger(Janitor.name);
  private readonly queues: readonly Queue[];

  constructor(
    private readonly database: Database,
    commands: CommandBus,
    private readonly tasks: PeriodicTasks,
    private readonly provider: PaymentProvider,
  ) {
    this.queues = [
      {
        name: 'charge',
        claim: CLAIM_CHARGES,
        drawForward: DRAW_CHARGES,
        settle: async ({ tenantId, paymentId }) => {
          const settled = await commands.execute(new SettlePayment(tenantId, paymentId));
          return isRefusal(settled) || settled.payment.status !== 'UNKNOWN';
        },
      },
      {
        name: 'refund',
        claim: CLAIM_REFUNDS,
        drawForward: DRAW_REFUNDS,
        settle: async ({ tenantId, paymentId, id }) => {
          const settled = await commands.execute(new SettleRefund(tenantId, paymentId, id));
          return isRefusal(settled) || settled.outcome?.kind !== 'unknown';
        },
      },
      {
        name: 'operation',
        claim: CLAIM_OPERATIONS,
        drawForward: DRAW_OPERATIONS,
        settle: async ({ tenantId, id }) => {
          const answer = await commands.execute(new SettleOperation(tenantId, id));
          return isRefusal(answer) || answer.final;
        },
      },
      {
        name: 'evidence',
        claim: CLAIM_EVIDENCE,
        drawForward: DRAW_EVIDENCE,
        settle: async ({ tenantId, id }) => {
          const answer = await commands.execute(new SettleEvidence(tenantId, id));
          return isRefusal(answer) || answer.status !== STILL_UNKNOWN;
        },
      },
    ];
  }

  onApplicationBootstrap(): void {
    for (const queue of this.queues) {
      this.tasks.add(new Periodic(taskOf(queue), 1_000, () => this.passOf(queue)));
    }
    this.provider.onRecovery(() => {
      void this.drawForward().catch((error: unknown) => {
        this.log.error(`open operations were not drawn forward: ${String(error)}`);
      });
    });
  }

  /** Claims what is due in every queue and settles it; answers how many it took. */
  async pass(): Promise<number> {
    let taken = 0;
    for (const queue of this.queues) taken += await this.passOf(queue);
    return taken;
  }

  private async passOf(queue: Queue): Promise<number> {
    const [claimed] = await this.database.asWorker([queue.claim]);
    const rows = (claimed?.rows ?? []).map(dueOf);
    await Promise.all(rows.map((row) => this.settle(queue, row)));
    if (rows.length === BATCH) this.tasks.nudge(taskOf(queue));
    return rows.length;
  }

  private async settle(queue: Queue, due: Due): Promise<void> {
    try {
      const known = await queue.settle(due);
      if (!known && due.hopeless) await this.giveToHuman(queue.name, due);
    } catch (error) {
      this.log.error(`${queue.name} ${due.id} is not settled yet: ${String(error)}`);
    }
  }

  private async giveToHuman(kind: string, due: Due): Promise<void> {
    const { tenantId, id, paymentId, cents, currency } = due;
    await this.database.transact(tenantId, [
      openItem(tenantId, {
        kind: `${kind}_unknown`,
        subjectType: kind,
        subjectId: id,
        cause: `The provider has not told the outcome for ${HOPELESS_HOURS} hours`,
        atRisk: { cents: toCents(cents), currency },
        details: { paymentId },
      }),
    ]);
  }

  /**
   * The provider is back: what waits for it is due within ten seconds, spread out, unless it said
   * that it wants to be asked later.
   */
  async drawForward(): Promise<void> {
    await this.database.asWorker(this.queues.map(({ drawForward }) => drawForward));
  }
}

const taskOf = ({ name }: Queue): string => `payment janitor: ${name}`;

function dueOf(row: Readonly<Record<string, unknown>>): Due {
  return {
    tenantId: row.tenant_id as Uuid,
    id: row.id as Uuid,
    paymentId: row.payment_id as Uuid,
    cents: row.cents as bigint,
    currency: row.currency as string,
    hopeless: row.hopeless as boolean,
  };
}

// 2 s, 5 s, 15 s, 1 min, then every 5 min; a row is due again even if this process dies now.
const CLAIM_CHARGES = sql`
  UPDATE payment_intents SET attempts = attempts + 1,
    next_attempt_at = now() + (ARRAY[2, 5, 15, 60, 300])[least(attempts, 4) + 1] * interval '1 second'
  WHERE (tenant_id, id) IN (
    SELECT tenant_id, id FROM payment_intents WHERE next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  )
  RETURNING tenant_id, id, payment_id, amount AS cents, currency,
    created_at < now() - make_interval(hours => ${HOPELESS_HOURS}) AS hopeless`;

const CLAIM_REFUNDS = sql`
  UPDATE payment_refunds SET attempts = attempts + 1,
    next_attempt_at = now() + CASE WHEN status = 'processing' THEN interval '1 hour' ELSE
      (ARRAY[2, 5, 15, 60, 300])[least(attempts, 4) + 1] * interval '1 second' END
  WHERE (tenant_id, id) IN (
    SELECT tenant_id, id FROM payment_refunds WHERE next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  )
  RETURNING tenant_id, id, transaction_id AS payment_id, amount AS cents, currency,
    created_at < now() - make_interval(hours => ${HOPELESS_HOURS}) AS hopeless`;

const CLAIM_OPERATIONS = sql`
  UPDATE payment_operations o SET attempts = o.attempts + 1,
    next_attempt_at = now() + (ARRAY[2, 5, 15, 60, 300])[least(o.attempts, 4) + 1] * interval '1 second'
  FROM payment_intents i
  WHERE (o.tenant_id, o.id) IN (
    SELECT tenant_id, id FROM payment_operations WHERE next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  ) AND i.tenant_id = o.tenant_id AND i.payment_id = o.payment_id
  RETURNING o.tenant_id, o.id, o.payment_id, coalesce(o.amount_cents, i.amount) AS cents, i.currency,
    o.created_at < now() - make_interval(hours => ${HOPELESS_HOURS}) AS hopeless`;

const CLAIM_EVIDENCE = sql`
  UPDATE dispute_evidence_operations e SET attempts = e.attempts + 1,
    next_attempt_at = now() + (ARRAY[2, 5, 15, 60, 300])[least(e.attempts, 4) + 1] * interval '1 second'
  FROM payment_disputes d
  WHERE (e.tenant_id, e.id) IN (
    SELECT tenant_id, id FROM dispute_evidence_operations WHERE next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  ) AND d.tenant_id = e.tenant_id AND d.id = e.dispute_id
  RETURNING e.tenant_id, e.id, d.payment_id, d.amount_cents AS cents, d.currency,
    e.created_at < now() - make_interval(hours => ${HOPELESS_HOURS}) AS hopeless`;

// No earlier than the provider wants to be asked again.
const DRAW_CHARGES = sql`UPDATE payment_intents
  SET next_attempt_at =
    greatest(not_before, least(next_attempt_at, now() + random() * interval '10 seconds'))
  WHERE next_attempt_at IS NOT NULL AND status IN ('PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION')`;
const DRAW_REFUNDS = sql`UPDATE payment_refunds
  SET next_attempt_at =
    greatest(not_before, least(next_attempt_at, now() + random() * interval '10 seconds'))
  WHERE next_attempt_at IS NOT NULL AND status = 'pending'`;
const DRAW_OPERATIONS = sql`UPDATE payment_operations
  SET next_attempt_at =
    greatest(not_before, least(next_attempt_at, now() + random() * interval '10 seconds'))
  WHERE next_attempt_at IS NOT NULL`;
const DRAW_EVIDENCE = sql`UPDATE dispute_evidence_operations
  SET next_attempt_at =
    greatest(not_before, least(next_attempt_at, now() + random() * interval '10 seconds'))`;
