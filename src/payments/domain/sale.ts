import type { TaxRecord } from '../../compliance/compliance.contract.js';
import type { Uuid } from '../../kernel/ids.js';
import type { PurchaseLimitName } from '../../waiting-room/waiting-room.contract.js';
import type { DisputeLossPayer, RefundPolicy } from '../../venues/venues.contract.js';

/** What is sold, to whom, for how much: fixed when the payment begins and never changed. */
export interface Sale {
  readonly paymentId: Uuid;
  readonly tenantId: Uuid;
  readonly userId: Uuid;
  readonly venueId: Uuid;
  readonly eventId: Uuid;
  readonly orderId: string | null;
  /** When the payment began, ISO 8601. */
  readonly startedAt: string;
  readonly request: SaleRequest;
  readonly charge: ChargeTerms;
  readonly event: SaleEvent;
  readonly tickets: readonly SaleTicket[];
  readonly pools: readonly CapacityPool[];
  readonly price: Price;
  readonly recipient: Recipient | null;
  /** The chain that the tickets' tokens are made on; null: they become none. */
  readonly blockchain: Blockchain | null;
  /** As the event's settings said at the sale. */
  readonly refundPolicy: RefundPolicy;
  readonly disputeLossPayer: DisputeLossPayer;
  /** The access from the waiting room that it uses up; null where nobody had to queue. */
  readonly admission: Uuid | null;
  /** Purchase limits that were not applied, because the request told nothing to count by. */
  readonly skippedLimits: readonly PurchaseLimitName[];
}

/** What came later than the first sales. */
type Later = 'blockchain' | 'admission' | 'skippedLimits';

/** A sale as it may be stored: one from before buyers were screened, or tickets minted, lacks what came with that. */
export type StoredSale = Omit<Sale, Later> & Partial<Pick<Sale, Later>>;

/** The sale that was stored: nobody had queued for it, there was no limit to skip, and no chain. */
export function saleOf(sold: StoredSale): Sale {
  return {
    ...sold,
    blockchain: sold.blockchain ?? null,
    admission: sold.admission ?? null,
    skippedLimits: sold.skippedLimits ?? [],
  };
}

/** The request that the payment answers: who repeats it gets the same answer. */
export interface SaleRequest {
  readonly operation: 'process' | 'charge';
  readonly idempotencyKey: Uuid;
  readonly requestId: string;
}

/** How the provider is asked. `operationId` is our id for it; the provider's key derives from it. */
export interface ChargeTerms {
  readonly operationId: Uuid;
  readonly provider: 'stripe';
  readonly method: PaymentMethodType;
  readonly paymentMethodId: string;
  readonly capture: 'automatic' | 'manual';
  readonly screening: Screening;
  readonly description: string | null;
  readonly returnUrl: string;
}

export type PaymentMethodType = 'card';

/**
 * What the fraud check asked of the charge: nothing; that the buyer proves to be the card's owner;
 * or that a person looks before the money is taken.
 */
export type Screening = 'none' | 'challenge' | 'review';

/** The facts of the event as the ticket service told them at the sale. */
export interface SaleEvent {
  readonly name: string;
  readonly startsAt: string;
  readonly timezone: string;
}

export interface SaleTicket {
  readonly id: Uuid;
  readonly ticketTypeId: Uuid;
  readonly seat: string | null;
  readonly priceCents: number;
  readonly taxCents: number;
}

/** A capacity that the sale draws on: a ticket type's, or the whole event's. */
export interface CapacityPool {
  readonly poolId: Uuid;
  readonly capacity: number;
  readonly quantity: number;
}

/**
 * The price in cents. `total` is what the buyer pays: tickets, the fees the buyer bears and taxes.
 * A fee that someone else bears is still in `platformFee` or `gasFee`.
 */
export interface Price {
  readonly currency: string;
  readonly subtotal: number;
  readonly platformFee: number;
  readonly gasFee: number;
  readonly processingFee: number;
  readonly tax: TaxRecord;
  readonly total: number;
  readonly payers: FeePayers;
  readonly tier: string;
  readonly tierPpm: number;
  readonly monthToDateCents: number;
  readonly feeSchedule: string;
  readonly taxRules: string;
}

export interface FeePayers {
  readonly platformFee: 'buyer' | 'venue';
  readonly gasFee: 'buyer' | 'venue' | 'platform';
  readonly processingFee: 'platform' | 'buyer' | 'venue';
}

export type Blockchain = 'polygon' | 'solana';

/** The wallet that the minted tickets go to; none means custody by the platform. */
export interface Recipient {
  readonly blockchain: Blockchain;
  /** In canonical form. */
  readonly address: string;
}
