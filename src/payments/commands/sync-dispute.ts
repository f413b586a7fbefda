import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { STREAM_KEY } from '../../kernel/event-store/event-store.js';
import type { Uuid } from '../../kernel/ids.js';
import { CommitUnknown, failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import { disputeIdOf } from '../domain/decide-dispute.js';
import type { ProviderDispute } from '../domain/dispute.js';
import type { DisputeCase } from '../domain/dispute-case.js';
import type { BegunPayment } from '../domain/payment.js';
import { DisputeCases } from '../infra/dispute-cases.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { PaymentStreams } from '../infra/payment-streams.js';

const ATTEMPTS = 10;

/**
 * Records what the provider says of a dispute, inquiries too; what is known already changes
 * nothing. What cannot come after the known state is asked for again first, so that an older
 * reading never undoes a newer one. Refuses `NOT_FOUND` without the payment, and
 * `PROVIDER_UNAVAILABLE` when the provider cannot be asked.
 */
export class SyncDispute extends Command<DisputeCase | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly paymentId: Uuid,
    readonly found: ProviderDispute,
  ) {
    super();
  }
}

@CommandHandler(SyncDispute)
export class SyncDisputeHandler implements ICommandHandler<SyncDispute> {
  constructor(
    private readonly streams: PaymentStreams,
    private readonly cases: DisputeCases,
    private readonly provider: PaymentProvider,
    private readonly clock: Clock,
  ) {}

  async execute({ tenantId, paymentId, found }: SyncDispute): Promise<DisputeCase | Refusal> {
    const { payment } = await this.streams.load(tenantId, paymentId);
    if (payment.status === 'NONE') return refuse('NOT_FOUND', 'There is no such payment.');
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.sync(payment, found);
      } catch (error) {
        const overtaken =
          error instanceof CommitUnknown || failedWith(error, SQLSTATE.uniqueViolation, STREAM_KEY);
        if (!overtaken || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async sync(
    { sale, reference }: BegunPayment,
    found: ProviderDispute,
  ): Promise<DisputeCase | Refusal> {
    const { tenantId, paymentId, venueId, charge } = sale;
    const id = disputeIdOf(paymentId, found.reference);
    const known = await this.cases.load(tenantId, id);
    const record = (said: ProviderDispute, confirmed: boolean) =>
      this.cases.record(
        { tenantId, id },
        known,
        [
          {
            type: 'Sync',
            found: said,
            owner: { paymentId, venueId, provider: charge.provider },
            confirmed,
            at: this.clock.now().toISOString(),
          },
        ],
        { correlationId: null },
      );
    const recorded = await record(found, false);
    if (!isRefusal(recorded)) return recorded.dispute;
    const fresh = reference === null ? null : await this.provider.review(reference);
    const now = fresh?.disputes.find((each) => each.reference === found.reference);
    if (!now) return refuse('PROVIDER_UNAVAILABLE', 'The provider could not be asked.');
    const again = await record(now, true);
    return isRefusal(again) ? again : again.dispute;
  }
}
