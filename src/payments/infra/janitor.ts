import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { SettlePayment } from '../commands/settle-payment.js';
import { PaymentProvider } from './payment-provider.js';

const TASK = 'payment janitor';
const BATCH = 20;

/**
 * Finds charges nobody has heard of for a while and settles each from the provider's answer. Every
 * row has its own back-off, set when it is claimed: one that stays sick never starves the others,
 * and two processes never take the same one.
 */
@Injectable()
export class Janitor implements OnApplicationBootstrap {
  private readonly log = new Logger(Janitor.name);

  constructor(
    private readonly database: Database,
    private readonly commands: CommandBus,
    private readonly tasks: PeriodicTasks,
    private readonly provider: PaymentProvider,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic(TASK, 1_000, () => this.pass()));
    this.provider.onRecovery(() => {
      void this.drawForward().catch((error: unknown) => {
        this.log.error(`open charges were not drawn forward: ${String(error)}`);
      });
    });
  }

  /** Claims what is due and settles it; answers how many it took. */
  async pass(): Promise<number> {
    const [claimed] = await this.database.asWorker([CLAIM]);
    const rows = (claimed?.rows ?? []) as { tenant_id: Uuid; payment_id: Uuid }[];
    await Promise.all(rows.map((row) => this.settle(row.tenant_id, row.payment_id)));
    if (rows.length === BATCH) this.tasks.nudge(TASK);
    return rows.length;
  }

  private async settle(tenantId: Uuid, paymentId: Uuid): Promise<void> {
    try {
      await this.commands.execute(new SettlePayment(tenantId, paymentId));
    } catch (error) {
      this.log.error(`payment ${paymentId} is not settled yet: ${String(error)}`);
    }
  }

  /** The provider is back: what waits for it is due within ten seconds, spread out. */
  private async drawForward(): Promise<void> {
    await this.database.asWorker([
      sql`UPDATE payment_intents
        SET next_attempt_at = least(next_attempt_at, now() + random() * interval '10 seconds')
        WHERE next_attempt_at IS NOT NULL AND provider = ${this.provider.name}`,
    ]);
  }
}

/** 2 s, 5 s, 15 s, 1 min, then every 5 min; a row is due again even if this process dies now. */
const CLAIM = sql`
  UPDATE payment_intents SET attempts = attempts + 1,
    next_attempt_at = now() + (ARRAY[2, 5, 15, 60, 300])[least(attempts, 4) + 1] * interval '1 second'
  WHERE (tenant_id, id) IN (
    SELECT tenant_id, id FROM payment_intents WHERE next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  )
  RETURNING tenant_id, payment_id`;
