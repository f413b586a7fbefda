import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { isTransient } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { ReviewPayment } from '../../payments/payments.contract.js';
import type { Difference } from '../domain/difference.js';
import { explain } from '../domain/explain.js';
import { pendingPayments } from './claim-rows.js';
import { unpairedOf, unpairedReading } from './pair-rows.js';
import { ProviderBooks } from './provider-books.js';
import { sideBySide } from './side-by-side.js';

/** A payment to review, and the provider's reference of its charge, where one is known. */
type Due = readonly [paymentId: Uuid, reference: string | null];

/** Brings payments that are known to what the provider holds of them. */
@Injectable()
export class Reviews {
  private readonly log = new Logger(Reviews.name);

  constructor(
    private readonly books: ProviderBooks,
    private readonly commands: CommandBus,
    private readonly database: Database,
  ) {}

  /** What stands alone on either side, as it is now. */
  async differences(tenantId: Uuid, now: Date): Promise<Difference[]> {
    const [found] = await this.database.read(tenantId, [
      unpairedReading(tenantId, this.books.name),
    ]);
    return explain(unpairedOf(found), now);
  }

  /**
   * Reviews the payments that lack something the provider's lines tell of; answers how many these
   * were, or why the provider could not be asked. The rest beyond `most` waits for the next time.
   */
  async ofDifferences(tenantId: Uuid, now: Date, most = Infinity): Promise<number | Refusal> {
    const due = new Map<Uuid, string | null>();
    for (const { fix, movement, paymentId, details } of await this.differences(tenantId, now)) {
      if (fix !== 'review' || movement === 'processing_cost' || paymentId === null) continue;
      if (due.size < most) due.set(paymentId, details.reference as string | null);
    }
    return this.all(tenantId, [...due]);
  }

  /** Reviews the payments that wait for an end which moves no money; answers as above. */
  async ofPending(tenantId: Uuid): Promise<number | Refusal> {
    const [found] = await this.database.read(tenantId, [pendingPayments(tenantId)]);
    const due = (found?.rows ?? []).map((row): Due => [
      row.payment_id as Uuid,
      row.reference as string | null,
    ]);
    return this.all(tenantId, due);
  }

  private async all(tenantId: Uuid, due: readonly Due[]): Promise<number | Refusal> {
    const answers = await sideBySide(due, ([paymentId, reference]) =>
      this.one(tenantId, paymentId, reference),
    );
    return answers.find(isRefusal) ?? due.length;
  }

  /** What one payment is refused for must not keep the others from their review. */
  private async one(
    tenantId: Uuid,
    paymentId: Uuid,
    reference: string | null,
  ): Promise<Refusal | null> {
    try {
      const answer = await this.commands.execute(new ReviewPayment(tenantId, paymentId, reference));
      return isRefusal(answer) && isTransient(answer) ? answer : null;
    } catch (error) {
      if (isTransient(error)) throw error;
      this.log.error(`payment ${paymentId} could not be reviewed: ${String(error)}`);
      return null;
    }
  }
}
