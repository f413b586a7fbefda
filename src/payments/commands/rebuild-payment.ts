import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { STREAM_KEY } from '../../kernel/event-store/event-store.js';
import { derivedId } from '../../kernel/ids.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { ProviderOutcome } from '../domain/provider-outcome.js';
import type { Sale } from '../domain/sale.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { PaymentStreams } from '../infra/payment-streams.js';
import { type LostPayment, SaleRebuilding } from '../infra/sale-rebuilding.js';
import { ReviewPayment } from './review-payment.js';
import { holdLost, SettlePayment } from './settle-payment.js';

/** `known`: it is no lost one. `unpaid`: nobody has paid it, and nobody can any more. */
export type Rebuilt = 'rebuilt' | 'known' | 'unpaid';

/**
 * Brings a payment back of which our tables know nothing, as after an old backup: its sale from the
 * memo beside the provider's charge, everything else by the review that any payment gets. It has the
 * ids it had, so that nothing is charged again. Where its places are somebody else's by now, or its
 * request was repeated and sold something else, its money has come too late and goes the way of such
 * money. Refuses `NOT_FOUND`, with the reason, where the charge tells of no sale that can be believed,
 * and `PROVIDER_UNAVAILABLE`.
 */
export class RebuildPayment extends Command<Rebuilt | Refusal> {
  constructor(
    /** The provider's of the charge. */
    readonly reference: string,
  ) {
    super();
  }
}

@CommandHandler(RebuildPayment)
export class RebuildPaymentHandler implements ICommandHandler<RebuildPayment> {
  constructor(
    private readonly provider: PaymentProvider,
    private readonly streams: PaymentStreams,
    private readonly rebuilding: SaleRebuilding,
    private readonly commands: CommandBus,
  ) {}

  async execute({ reference }: RebuildPayment): Promise<Rebuilt | Refusal> {
    const recalled = await this.provider.recall(reference);
    if (recalled.kind !== 'sale') {
      return recalled.kind === 'unknown' ? AWAY : refuse('NOT_FOUND', recalled.reason);
    }
    const { sale, outcome } = recalled;
    const { version } = await this.streams.load(sale.tenantId, sale.paymentId);
    if (version > 0) return 'known';
    if (!mayBePaid(outcome)) return 'unpaid';
    const begun = await this.begin(sale, reference, outcome);
    if (typeof begun === 'string' || isRefusal(begun)) return begun;
    return this.settle(begun, reference);
  }

  private async begin(
    sale: Sale,
    reference: string,
    outcome: ProviderOutcome,
  ): Promise<LostPayment | 'known' | Refusal> {
    const card = 'charge' in outcome ? outcome.charge.methodFingerprint : null;
    let lost: LostPayment = { sale, reference, card, held: true };
    for (;;) {
      try {
        await this.rebuilding.commit(lost);
        return lost;
      } catch (error) {
        if (failedWith(error, SQLSTATE.uniqueViolation, STREAM_KEY)) return 'known';
        const repeated = failedWith(error, SQLSTATE.keyTaken);
        if (!lost.held || !(repeated || holdLost(error))) throw error;
        lost = { ...lost, sale: repeated ? withOwnKey(sale) : sale, held: false };
      }
      if (outcome.kind === 'succeeded') continue;
      const { operationId } = sale.charge;
      const called = await this.provider.cancel(sale, { operationId, reference }, 'expired');
      // Nothing may be written of it while somebody can still pay it.
      if (called.kind === 'unknown') return AWAY;
    }
  }

  private async settle({ sale, held }: LostPayment, reference: string): Promise<Rebuilt | Refusal> {
    const { tenantId, paymentId } = sale;
    // What has been sold otherwise meanwhile is not sold to the buyer a second time.
    const known = { reference, regain: held };
    const settled = await this.commands.execute(new SettlePayment(tenantId, paymentId, known));
    if (isRefusal(settled)) return settled;
    const reviewed = await this.commands.execute(new ReviewPayment(tenantId, paymentId, reference));
    return isRefusal(reviewed) ? reviewed : 'rebuilt';
  }
}

const AWAY = refuse('PROVIDER_UNAVAILABLE', 'The provider could not be asked.');

/** A key has one effect, and this one's is a later payment. */
function withOwnKey(sale: Sale): Sale {
  const idempotencyKey = derivedId(sale.paymentId, 'a key of its own');
  return { ...sale, request: { ...sale.request, idempotencyKey } };
}

function mayBePaid({ kind }: ProviderOutcome): boolean {
  return kind !== 'failed' && kind !== 'cancelled' && kind !== 'unknown';
}
