import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Principal } from '../../kernel/auth/index.js';
import { fold } from '../../kernel/decider/decider.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { StoredEvent } from '../../kernel/event-store/event-store.js';
import type { Uuid } from '../../kernel/ids.js';
import { type Payment, payment as decider } from '../domain/payment.js';
import type { PaymentEvent } from '../domain/payment-events.js';
import { v1Status } from '../domain/status-names.js';
import { PaymentStreams, restored } from '../infra/payment-streams.js';
import { maySee } from './may-see.js';

/** One step of a payment's life: what happened, when, and the state it led to. */
export interface HistoryEntry {
  readonly sequence: number;
  readonly type: string;
  readonly version: number;
  readonly at: string;
  readonly status: string;
  readonly correlationId: string | null;
  readonly data: StoredEvent['data'];
}

/** The whole history of a payment in order. Refuses `NOT_FOUND` to those who may not see it. */
export class GetPaymentEvents extends Query<readonly HistoryEntry[] | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly paymentId: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetPaymentEvents)
export class GetPaymentEventsHandler implements IQueryHandler<GetPaymentEvents> {
  constructor(private readonly streams: PaymentStreams) {}

  async execute({ principal, paymentId }: GetPaymentEvents) {
    const history = await this.streams.history(principal.tenantId, paymentId);
    const now = fold(decider, history.map(restored));
    if (now.status === 'NONE' || !maySee(principal, now.sale)) {
      return refuse('NOT_FOUND', 'There is no such payment.');
    }
    let state: Payment = decider.initial;
    return history.map((event) => {
      state = decider.evolve(state, restored(event));
      return {
        sequence: event.sequence,
        type: event.type,
        version: event.version,
        at: event.at.toISOString(),
        status: state.status === 'NONE' ? 'none' : v1Status(state.status),
        correlationId: event.correlationId,
        data: shown(restored(event)),
      };
    });
  }
}

/** What happened, without what only the request and the provider need to know. */
function shown(event: PaymentEvent): HistoryEntry['data'] {
  const { type: _, ...data } = event;
  if (event.type !== 'payment.initiated') return data;
  const { request: __, charge, ...sale } = event.sale;
  const { provider, method, capture } = charge;
  return { sale: { ...sale, charge: { provider, method, capture } } };
}
