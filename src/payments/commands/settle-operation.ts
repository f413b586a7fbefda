import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { endLease, storeAnswer } from '../../kernel/idempotency/idempotency.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { PaymentAnswer } from '../domain/answer.js';
import { operationAnswer } from '../domain/operation-answer.js';
import type { BegunPayment } from '../domain/payment.js';
import type { ProviderOutcome } from '../domain/provider-outcome.js';
import {
  endOperation,
  type OperationRow,
  operationUnknown,
  parseOperation,
  readOperation,
} from '../infra/operation-rows.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { PaymentStreams } from '../infra/payment-streams.js';
import { SettlePayment } from './settle-payment.js';

/**
 * Brings a capture or a void to its end: asks the provider (again, under the same key), settles the
 * payment from the answer, then ends the operation and answers its key. Refuses `NOT_FOUND`;
 * repeating it is a success that changes nothing.
 */
export class SettleOperation extends Command<PaymentAnswer | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly operationId: Uuid,
    readonly known: {
      /** What the provider answered just now; asked for when absent. */
      readonly outcome?: ProviderOutcome;
      readonly correlationId?: string | null;
    } = {},
  ) {
    super();
  }
}

@CommandHandler(SettleOperation)
export class SettleOperationHandler implements ICommandHandler<SettleOperation> {
  constructor(
    private readonly database: Database,
    private readonly streams: PaymentStreams,
    private readonly provider: PaymentProvider,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  async execute(command: SettleOperation): Promise<PaymentAnswer | Refusal> {
    const { tenantId, operationId, known } = command;
    const [found] = await this.database.read(tenantId, [readOperation(tenantId, operationId)]);
    const operation = parseOperation(tenantId, operationId, found);
    if (!operation) return refuse('NOT_FOUND', 'There is no such operation.');
    const { payment } = await this.streams.load(tenantId, operation.paymentId);
    if (payment.status === 'NONE') return refuse('NOT_FOUND', 'There is no such payment.');
    const outcome = known.outcome ?? (await askProvider(this.provider, payment, operation));
    const settled = await this.commands.execute(
      new SettlePayment(tenantId, operation.paymentId, {
        outcome,
        correlationId: known.correlationId ?? null,
      }),
    );
    if (isRefusal(settled)) return settled;
    await failpoint('operation.after_settled');
    return this.end(operation, settled.payment, settled.outcome ?? outcome);
  }

  private async end(
    operation: OperationRow,
    payment: BegunPayment,
    outcome: ProviderOutcome,
  ): Promise<PaymentAnswer> {
    const { id, scope } = operation;
    const answer = operationAnswer(operation, payment, outcome, this.clock.now());
    await this.database.transact(
      scope.tenantId,
      answer.final
        ? [
            endOperation(scope.tenantId, id, answer.status === 200 ? 'done' : 'failed'),
            storeAnswer(scope, { status: answer.status, body: JSON.stringify(answer.body) }),
          ]
        : [operationUnknown(scope.tenantId, id, waitOf(outcome)), endLease(scope)],
    );
    return answer;
  }
}

/** Under the operation's own key: asking again captures or cancels nothing twice. */
export function askProvider(
  provider: PaymentProvider,
  { sale, reference }: BegunPayment,
  { id: operationId, kind, amountCents }: Pick<OperationRow, 'id' | 'kind' | 'amountCents'>,
): Promise<ProviderOutcome> {
  if (reference === null) throw new Error(`${kind} ${operationId} of no charge`);
  const operation = { operationId, reference };
  return kind === 'capture'
    ? provider.capture(sale, { ...operation, amountCents: amountCents ?? sale.price.total })
    : provider.cancel(sale, operation, 'requested');
}

function waitOf(outcome: ProviderOutcome): number | undefined {
  return outcome.kind === 'unknown' ? outcome.retryAfterSeconds : undefined;
}
