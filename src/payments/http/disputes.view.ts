import { ApiProperty } from '@nestjs/swagger';
import { DISPUTE_STATES } from '../domain/dispute.js';
import { EvidenceDto } from './disputes.dto.js';
import { JournalView, TicketView } from './payments-v1.view.js';

const DUE = '2026-01-21T23:59:59.000Z';

export class DisputeView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) paymentId: string;
  @ApiProperty({ format: 'uuid' }) venueId: string;
  @ApiProperty({ example: 'du_1Q0000000000000000000000' }) stripeDisputeId: string;
  @ApiProperty({ type: 'integer', description: 'Cents', example: 11845 }) amount: number;
  @ApiProperty({ type: 'integer', description: "The provider's, in cents", example: 1500 })
  fee: number;
  @ApiProperty({ example: 'USD' }) currency: string;
  @ApiProperty({ description: "The provider's word", example: 'fraudulent' }) reason: string;
  @ApiProperty({ enum: DISPUTE_STATES, example: 'needs_response' }) status: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: DUE })
  evidenceDueBy: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  submittedAt: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
}

export class DisputesView {
  @ApiProperty({ type: [DisputeView], description: 'The newest first' }) disputes: DisputeView[];
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  nextCursor: string | null;
}

class DisputedPaymentView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ type: String, nullable: true, example: null }) orderId: string | null;
  @ApiProperty({ format: 'uuid' }) eventId: string;
  @ApiProperty({ example: 'River City Revival' }) eventName: string;
  @ApiProperty({ format: 'date-time' }) eventStartsAt: string;
  @ApiProperty({ description: 'As the payment shows it', example: 'disputed' }) status: string;
  @ApiProperty({ type: 'integer', description: 'Cents', example: 11845 }) amountCharged: number;
  @ApiProperty({ type: 'integer', description: 'Cents', example: 0 }) refundedAmount: number;
  @ApiProperty({ type: String, nullable: true, example: 'pi_3Q0000000000000000000000' })
  stripePaymentIntentId: string | null;
  @ApiProperty({ type: [TicketView] }) tickets: TicketView[];
  @ApiProperty({ format: 'date-time' }) createdAt: string;
}

class DisputeEventView {
  @ApiProperty({ type: 'integer', example: 1 }) sequence: number;
  @ApiProperty({ example: 'dispute.received' }) type: string;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ type: String, nullable: true, example: null }) correlationId: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true, example: {} }) data: object;
}

export class DisputeDetailsView {
  @ApiProperty({ type: DisputeView }) dispute: DisputeView;
  @ApiProperty({ description: 'Does the bank still wait for evidence?', example: true })
  awaitsEvidence: boolean;
  @ApiProperty({
    type: EvidenceDto,
    nullable: true,
    description: 'What was handed in, else the latest draft',
  })
  evidence: EvidenceDto | null;
  @ApiProperty({ type: DisputedPaymentView }) payment: DisputedPaymentView;
  @ApiProperty({ type: [JournalView], description: 'What it did to the ledger so far' })
  ledger: JournalView[];
  @ApiProperty({ type: [DisputeEventView] }) history: DisputeEventView[];
}

export class RespondedDisputeView {
  @ApiProperty({ description: 'Does the provider have it?', example: true }) success: boolean;
  @ApiProperty({ type: DisputeView }) dispute: DisputeView;
  @ApiProperty({ description: 'Was it handed in to the bank?', example: true }) submitted: boolean;
  @ApiProperty({ example: false }) awaitsEvidence: boolean;
  @ApiProperty({ type: EvidenceDto, nullable: true }) evidence: EvidenceDto | null;
}
