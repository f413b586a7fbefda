import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { GasEstimatesView } from './gas-estimates.view.js';

export class FeeTaxLineView {
  @ApiProperty({ enum: ['state', 'local', 'special'] }) kind: string;
  @ApiProperty({ example: 'US-TN' }) jurisdiction: string;
  @ApiProperty({ example: 'Tennessee Sales Tax' }) name: string;
  @ApiProperty({ type: 'integer', nullable: true, example: 70000 }) ratePpm: number | null;
  @ApiProperty({ type: 'integer', nullable: true, example: null }) perTicketCents: number | null;
  @ApiProperty({ type: 'integer', example: 10000 }) taxableCents: number;
  @ApiProperty({ type: 'integer', example: 700 }) amountCents: number;
  @ApiProperty({ enum: ['tickets', 'tickets_and_fees'] }) base: string;
  @ApiProperty({ enum: ['verified', 'estimate'] }) confidence: string;
  @ApiProperty({ description: 'Why it applies', example: 'row checked on 2026-07-22' })
  reason: string;
  @ApiProperty({ example: 'TN DOR Important Notice #24-11' }) source: string;
  @ApiProperty({ type: String, nullable: true, example: '2013-07-01' }) effectiveFrom:
    string | null;
}

/** All amounts in cents. */
export class FeesView {
  @ApiProperty({ type: 'integer', example: 10000 }) ticketPrice: number;
  @ApiProperty({ type: 'integer', example: 820 }) platformFee: number;
  @ApiProperty({ type: 'integer', example: 100 }) gasEstimate: number;
  @ApiProperty({ type: 'integer', example: 0 }) processingFee: number;
  @ApiProperty({ type: 'integer', example: 700 }) stateTax: number;
  @ApiProperty({ type: 'integer', example: 275 }) localTax: number;
  @ApiProperty({ type: 'integer', example: 0 }) specialTax: number;
  @ApiProperty({ type: 'integer', example: 975 }) totalTax: number;
  @ApiProperty({
    type: 'integer',
    description: 'Every mandatory fee included, taxes apart',
    example: 10920,
  })
  allInPrice: number;
  @ApiProperty({ type: 'integer', description: 'What the buyer pays', example: 11895 })
  total: number;
  @ApiProperty({ example: 'USD' }) currency: string;
  @ApiProperty({ enum: ['starter', 'pro', 'enterprise'] }) tier: string;
  @ApiProperty({ example: false }) taxEstimated: boolean;
  @ApiProperty({ type: [FeeTaxLineView] }) taxLines: FeeTaxLineView[];
  @ApiProperty({ type: [String] }) taxNotes: string[];
}

export class TicketView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) ticketTypeId: string;
  @ApiProperty({ type: String, nullable: true, example: 'A1' }) seatNumber: string | null;
  @ApiProperty({ type: 'integer', example: 5000 }) price: number;
}

class TransactionMetadataView {
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The job that mints the tickets; null where they become no tokens',
    example: null,
  })
  mintJobId: string | null;
}

export class TransactionView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) userId: string;
  @ApiProperty({ format: 'uuid' }) venueId: string;
  @ApiProperty({ format: 'uuid' }) eventId: string;
  @ApiProperty({ type: String, nullable: true, example: 'order_123' }) orderId: string | null;
  @ApiProperty({ type: 'integer', description: 'Ticket subtotal in cents', example: 10000 })
  amount: number;
  @ApiProperty({ type: 'integer', description: 'What the buyer pays in cents', example: 11895 })
  amountCharged: number;
  @ApiProperty({ example: 'USD' }) currency: string;
  @ApiProperty({ example: 'completed' }) status: string;
  @ApiProperty({ type: String, nullable: true, example: 'pi_3Q…' })
  stripePaymentIntentId: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) declineCode: string | null;
  @ApiProperty({ type: 'integer', example: 0 }) refundedAmount: number;
  @ApiProperty({
    type: 'integer',
    description: 'What the policy lets back, in cents',
    example: 10975,
  })
  refundableCents: number;
  @ApiProperty({ type: [TicketView] }) tickets: TicketView[];
  @ApiProperty({
    description: 'Purchase limits that were not applied: the request told nothing to count by',
    enum: ['payment_method', 'address'],
    isArray: true,
    example: ['address'],
  })
  skippedLimits: string[];
  @ApiProperty({ type: TransactionMetadataView }) metadata: TransactionMetadataView;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
}

class NextActionView {
  @ApiProperty({ example: 'redirect_to_url' }) type: string;
  @ApiProperty({ type: String, nullable: true, example: 'https://hooks.stripe.com/3d_secure_2/…' })
  redirectToUrl: string | null;
}

export class ProcessedPaymentView {
  @ApiProperty({ example: true }) success: boolean;
  @ApiProperty({ type: TransactionView }) transaction: TransactionView;
  @ApiProperty({ type: FeesView }) fees: FeesView;
  @ApiProperty({
    enum: ['not_configured', 'awaiting_payment', 'queued', 'none'],
    description: 'What becomes of the tokens; how far they are tells the transaction',
    example: 'queued',
  })
  nftStatus: string;
  @ApiPropertyOptional({
    description: "With status requires_action: for the provider's SDK",
    example: 'pi_3Q…_secret_…',
  })
  clientSecret?: string;
  @ApiPropertyOptional({ type: NextActionView }) nextAction?: NextActionView;
}

export class CalculatedFeesView {
  @ApiProperty({ type: FeesView }) fees: FeesView;
  @ApiProperty({ type: 'integer', example: 11895 }) total: number;
  @ApiProperty({ type: 'integer', example: 10920 }) allInPrice: number;
  @ApiProperty({ type: GasEstimatesView }) gasEstimates: GasEstimatesView;
  @ApiProperty({
    type: String,
    enum: ['polygon', 'solana'],
    nullable: true,
    description: 'The cheapest chain that answers; null while none has, or none is configured',
    example: 'polygon',
  })
  recommendedBlockchain: string | null;
  @ApiProperty({
    type: String,
    enum: ['polygon', 'solana'],
    nullable: true,
    description: "The chain the tickets would be on: the settings', else the recommended one",
    example: 'polygon',
  })
  blockchain: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it to `process` within 10 minutes',
    example: 'v1.eyJ0Ijoi….mXh3…',
  })
  quote: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) quoteExpiresAt: string | null;
}

class TicketMintStatusView {
  @ApiProperty({ format: 'uuid' }) ticketId: string;
  @ApiProperty({ example: 'completed' }) status: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Polygon: decimal digits. Solana: the address of the mint account',
    example: '81063473208862134',
  })
  tokenId: string | null;
  @ApiProperty({ type: String, nullable: true, example: '0x9f2c…' })
  transactionHash: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'https://amoy.polygonscan.com/tx/0x9f2c…' })
  explorerUrl: string | null;
}

class NftStatusView {
  @ApiProperty({
    description:
      '`not_configured`, `awaiting_payment`, `queued` and `none` before minting has begun; then how far the least advanced ticket is',
    example: 'completed',
  })
  status: string;
  @ApiProperty({ type: String, enum: ['polygon', 'solana'], nullable: true, example: 'polygon' })
  blockchain: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  jobId: string | null;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, example: 100 }) progress: number;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where one transaction covers all tickets',
    example: '0x9f2c…',
  })
  transactionHash: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'https://amoy.polygonscan.com/tx/0x9f2c…' })
  explorerUrl: string | null;
  @ApiProperty({ type: [TicketMintStatusView] }) tickets: TicketMintStatusView[];
}

export class TransactionStatusView {
  @ApiProperty({ type: TransactionView }) transaction: TransactionView;
  @ApiProperty({ type: FeesView }) fees: FeesView;
  @ApiProperty({ type: NftStatusView }) nftStatus: NftStatusView;
}

class HistoryEntryView {
  @ApiProperty({ type: 'integer', example: 3 }) sequence: number;
  @ApiProperty({ example: 'payment.succeeded' }) type: string;
  @ApiProperty({ type: 'integer', example: 1 }) version: number;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ example: 'completed' }) status: string;
  @ApiProperty({ type: String, nullable: true, example: 'checkout-4711' }) correlationId:
    string | null;
  @ApiProperty({ type: Object, example: {} }) data: object;
}

export class HistoryView {
  @ApiProperty({ type: [HistoryEntryView] }) events: HistoryEntryView[];
}

class PostingView {
  @ApiProperty({ example: 'provider:stripe:clearing' }) account: string;
  @ApiProperty({ example: 'charge' }) code: string;
  @ApiProperty({ type: 'integer', description: 'Cents; a debit is positive', example: 11895 })
  amount: number;
}

export class JournalView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ example: 'purchase' }) kind: string;
  @ApiProperty({ format: 'date-time' }) postedAt: string;
  @ApiProperty({ example: 'USD' }) currency: string;
  @ApiProperty({ type: [PostingView] }) postings: PostingView[];
}

export class ProofView {
  @ApiProperty({ type: TransactionView }) transaction: TransactionView;
  @ApiProperty({ type: FeesView }) fees: FeesView;
  @ApiProperty({ type: [JournalView] }) journals: JournalView[];
  @ApiProperty({
    type: Object,
    description: 'Sum of all postings per currency',
    example: { USD: 0 },
  })
  sums: Record<string, number>;
  @ApiProperty({ example: true }) balanced: boolean;
  @ApiProperty({ example: true }) clearingEqualsCaptured: boolean;
}
