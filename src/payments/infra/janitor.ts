import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal } from '../../kernel/errors.js';
import { Periodic, PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { toCents } from '../../kernel/money/index.js';
import { openItem } from '../../kernel/open-items/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { SettleEvidence } from '../commands/settle-evidence.js';
import { SettleOperation } from '../commands/settle-operation.js';
import { SettlePayment } from '../commands/settle-payment.js';
import { SettleRefund } from '../commands/settle-refund.js';
import {
  BATCH,
  type Due,
  dueOf,
  HOPELESS_HOURS,
  openCapturesAndVoids,
  openCharges,
  openEvidence,
  type OpenOperations,
  openRefunds,
} from './open-operations.js';
import { PaymentProvider } from './payment-provider.js';

/** How evidence is answered whose outcome nobody knows. */
const STILL_UNKNOWN = 202;

/** One kind of operation at the provider that may have been left open. */
interface Queue {
  readonly name: string;
  readonly operations: OpenOperations;
  /** Settles one from the provider's answer; is its outcome known now? */
  readonly settle: (due: Due) => Promise<boolean>;
}

/**
 * Finds operations nobody has heard of for a while and settles each from the provider's answer.
 * Every row has its own back-off: one that stays sick never starves the others, and a claim keeps
 * two processes from asking about the same one. What is still unknown after 23 hours becomes
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
        operations: openCharges,
        settle: async ({ tenantId, paymentId }) => {
          const settled = await commands.execute(new SettlePayment(tenantId, paymentId));
          return isRefusal(settled) || settled.payment.status !== 'UNKNOWN';
        },
      },
      {
        name: 'refund',
        operations: openRefunds,
        settle: async ({ tenantId, paymentId, id }) => {
          const settled = await commands.execute(new SettleRefund(tenantId, paymentId, id));
          return isRefusal(settled) || settled.outcome?.kind !== 'unknown';
        },
      },
      {
        name: 'operation',
        operations: openCapturesAndVoids,
        settle: async ({ tenantId, id }) => {
          const answer = await commands.execute(new SettleOperation(tenantId, id));
          return isRefusal(answer) || answer.final;
        },
      },
      {
        name: 'evidence',
        operations: openEvidence,
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
    const [claimed] = await this.database.asWorker([queue.operations.claim]);
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
    await this.database.asWorker([queue.operations.putOff(due)]);
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
    await this.database.asWorker(this.queues.map(({ operations }) => operations.drawForward));
  }
}

const taskOf = ({ name }: Queue): string => `payment janitor: ${name}`;
