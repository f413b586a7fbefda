import type { Uuid } from '../../kernel/ids.js';
import type { Blockchain, ChargeTerms, Recipient, SaleRequest } from './sale.js';

/** What the buyer asks for, checked for form but not yet against catalogue, price or capacity. */
export interface SaleOrder {
  readonly tenantId: Uuid;
  readonly userId: Uuid;
  readonly venueId: Uuid;
  readonly eventId: Uuid;
  readonly orderId: string | null;
  readonly lines: readonly OrderLine[];
  readonly method: Pick<ChargeTerms, 'method' | 'paymentMethodId'>;
  readonly capture: ChargeTerms['capture'];
  readonly description: string | null;
  readonly returnUrl: string;
  readonly recipient: Recipient | null;
  /** The chain that was recommended at the quote; null without a quote. */
  readonly quotedBlockchain: Blockchain | null;
  readonly deviceFingerprint: string | null;
  readonly request: SaleRequest;
  /** The total the buyer was shown and agreed to, and where it stands; the sale may cost no other. */
  readonly agreedTotal: { readonly cents: number; readonly by: 'quote' | 'amount' } | null;
}

export interface OrderLine {
  readonly ticketTypeId: Uuid;
  readonly quantity: number;
  readonly priceCents: number;
  readonly seatNumbers: readonly string[];
}
