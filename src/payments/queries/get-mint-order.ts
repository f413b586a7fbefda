import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Uuid } from '../../kernel/ids.js';
import { mintJobId } from '../domain/mint-outlook.js';
import type { Blockchain } from '../domain/sale.js';
import { PaymentStreams } from '../infra/payment-streams.js';

/** What it takes to mint the tickets of a payment. */
export interface MintOrder {
  readonly paymentId: Uuid;
  readonly jobId: Uuid;
  readonly venueId: Uuid;
  readonly eventId: Uuid;
  readonly eventName: string;
  /** ISO 8601. */
  readonly eventStartsAt: string;
  /** When the sale began: its settings are those of this instant. ISO 8601. */
  readonly soldAt: string;
  readonly blockchain: Blockchain;
  /** The buyer's wallet in canonical form; null: the platform keeps the tokens. */
  readonly recipient: string | null;
  readonly ticketIds: readonly Uuid[];
}

/**
 * How a payment's tickets are to be minted; null where they are not: there is no such payment, or
 * its sale has no chain. It says nothing about whether the payment is paid.
 */
export class GetMintOrder extends Query<MintOrder | null> {
  constructor(
    readonly tenantId: Uuid,
    readonly paymentId: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetMintOrder)
export class GetMintOrderHandler implements IQueryHandler<GetMintOrder> {
  constructor(private readonly streams: PaymentStreams) {}

  async execute({ tenantId, paymentId }: GetMintOrder): Promise<MintOrder | null> {
    const { payment } = await this.streams.load(tenantId, paymentId);
    if (payment.status === 'NONE' || payment.sale.blockchain === null) return null;
    const { sale } = payment;
    return {
      paymentId,
      jobId: mintJobId(paymentId),
      venueId: sale.venueId,
      eventId: sale.eventId,
      eventName: sale.event.name,
      eventStartsAt: sale.event.startsAt,
      soldAt: sale.startedAt,
      blockchain: payment.sale.blockchain,
      recipient: sale.recipient?.address ?? null,
      ticketIds: sale.tickets.map(({ id }) => id),
    };
  }
}
