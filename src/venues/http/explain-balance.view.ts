import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { type BalanceExplanation, VENUE_BUCKETS } from '../domain/balance-explanation.js';
import { cursorOf } from './explain-balance.dto.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';
const INSTANT = '2026-01-12T10:00:00.000Z';

export class BalanceCauseView {
  @ApiProperty({ format: 'uuid', example: ID })
  journalId: string;

  @ApiProperty({ example: 'purchase', description: 'What the movement was.' })
  kind: string;

  @ApiProperty({ format: 'uuid', example: ID, description: 'The payment it is about.' })
  paymentId: string;

  @ApiProperty({ enum: VENUE_BUCKETS, example: 'pending' })
  bucket: string;

  @ApiProperty({
    type: 'integer',
    example: 10_000,
    description: 'In cents, positive in the venue’s favour.',
  })
  amount: number;

  @ApiProperty({ type: 'integer', example: 10_000, description: 'This cause included, in cents.' })
  runningTotal: number;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  at: string;
}

/** Why a venue's balance is what it is. */
export class BalanceExplanationView {
  @ApiProperty({ format: 'date-time', example: INSTANT })
  at: string;

  @ApiProperty({ example: 'USD' })
  currency: string;

  @ApiProperty({ type: [BalanceCauseView], description: 'Oldest first.' })
  causes: BalanceCauseView[];

  @ApiProperty({
    type: 'integer',
    example: 10_000,
    description: 'Of the causes of all pages, in cents; what the venue owes lessens it.',
  })
  total: number;

  @ApiProperty({
    format: 'date-time',
    example: INSTANT,
    description: 'No transaction still running can change the figures up to this instant.',
  })
  exactUpTo: string;

  @ApiPropertyOptional({ example: '1768212000000-50', description: 'Absent on the last page.' })
  nextCursor?: string;
}

/** An explanation as it is answered; a refusal passes through. */
export function balanceExplanationView(
  explanation: BalanceExplanation | Refusal,
): BalanceExplanationView | Refusal {
  if (isRefusal(explanation)) return explanation;
  const { at, currency, causes, total, exactUpTo, next } = explanation;
  return {
    at: at.toISOString(),
    currency,
    causes: causes.map((cause) => ({
      ...cause,
      amount: Number(cause.amount),
      runningTotal: Number(cause.runningTotal),
      at: cause.at.toISOString(),
    })),
    total: Number(total),
    exactUpTo: exactUpTo.toISOString(),
    ...(next && { nextCursor: cursorOf(next) }),
  };
}
