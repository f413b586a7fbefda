import type { TaxRecord } from '../../src/compliance/compliance.contract.js';
import { DEFAULT_SETTINGS } from '../../src/venues/venues.contract.js';
import { newId } from '../../src/kernel/ids.js';
import type {
  ChargeTerms,
  Price,
  Sale,
  SaleRequest,
  SaleTicket,
} from '../../src/payments/domain/sale.js';

type TaxLine = TaxRecord['lines'][number];

/** Tennessee's sales tax on $100. */
export function taxLine(over: Partial<TaxLine> = {}): TaxLine {
  return {
    kind: 'state',
    jurisdiction: 'US-TN',
    name: 'Tennessee Sales Tax',
    ratePpm: 70_000,
    perTicketCents: null,
    base: 'tickets',
    confidence: 'verified',
    reason: 'a row on record',
    source: 'Tenn. Code Ann. § 67-6-202',
    effectiveFrom: null,
    taxableCents: 10_000,
    amountCents: 700,
    ...over,
  };
}

/** State and local tax of a $100 sale in Nashville in January 2025. */
export function taxRecord(over: Partial<TaxRecord> = {}): TaxRecord {
  return {
    taxableAmount: 10_000,
    jurisdiction: 'US-TN-DAVIDSON',
    estimate: false,
    reasons: [],
    lines: [
      taxLine(),
      taxLine({
        kind: 'local',
        jurisdiction: 'US-TN-DAVIDSON',
        name: 'Nashville Local Tax',
        ratePpm: 22_500,
        amountCents: 225,
      }),
    ],
    ...over,
  };
}

/** $118.45 for two $50 tickets; another part or payer changes the total with it. */
export function price(over: Partial<Price> = {}): Price {
  const parts = {
    subtotal: 10_000,
    platformFee: 820,
    gasFee: 100,
    processingFee: 0,
    tax: taxRecord(),
    payers: { platformFee: 'buyer', gasFee: 'buyer', processingFee: 'platform' } as const,
    ...over,
  };
  const { payers, tax } = parts;
  return {
    currency: 'USD',
    total:
      parts.subtotal +
      (payers.platformFee === 'buyer' ? parts.platformFee : 0) +
      (payers.gasFee === 'buyer' ? parts.gasFee : 0) +
      parts.processingFee +
      tax.lines.reduce((sum, line) => sum + line.amountCents, 0),
    tier: 'starter',
    tierPpm: 82_000,
    monthToDateCents: 0,
    feeSchedule: 'v1',
    taxRules: 'rules-1',
    ...parts,
  };
}

/** A price of nothing at all. */
export function freePrice(): Price {
  const tax = taxRecord({ taxableAmount: 0, lines: [] });
  return price({ subtotal: 0, platformFee: 0, gasFee: 0, tax });
}

export function saleTicket(over: Partial<SaleTicket> = {}): SaleTicket {
  return {
    id: newId(),
    ticketTypeId: newId(),
    seat: null,
    priceCents: 5_000,
    taxCents: 463,
    ...over,
  };
}

type SaleOverrides = Partial<Omit<Sale, 'charge' | 'request'>> & {
  readonly charge?: Partial<ChargeTerms>;
  readonly request?: Partial<SaleRequest>;
};

/** Two general-admission tickets in Nashville for $118.45, bought through `process`. */
export function sale({ charge, request, ...over }: SaleOverrides = {}): Sale {
  const typeId = newId();
  const { tickets = [saleTicket({ ticketTypeId: typeId }), saleTicket({ ticketTypeId: typeId })] } =
    over;
  return {
    paymentId: newId(),
    tenantId: newId(),
    userId: newId(),
    venueId: newId(),
    eventId: newId(),
    orderId: null,
    startedAt: new Date().toISOString(),
    event: {
      name: 'River City Revival',
      startsAt: '2027-06-01T01:00:00.000Z',
      timezone: 'America/Chicago',
    },
    pools: [{ poolId: typeId, capacity: 1_000, quantity: tickets.length }],
    price: price(),
    recipient: null,
    blockchain: null,
    refundPolicy: DEFAULT_SETTINGS.refundPolicy,
    disputeLossPayer: DEFAULT_SETTINGS.disputeLossPayer,
    admission: null,
    skippedLimits: [],
    ...over,
    tickets,
    request: { operation: 'process', idempotencyKey: newId(), requestId: newId(), ...request },
    charge: {
      operationId: newId(),
      provider: 'stripe',
      method: 'card',
      paymentMethodId: 'pm_card_visa',
      capture: 'automatic',
      screening: 'none',
      description: null,
      returnUrl: 'https://tickets.example/return',
      ...charge,
    },
  };
}
