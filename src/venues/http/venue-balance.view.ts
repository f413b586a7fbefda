import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { centsToNumber } from '../../kernel/money/index.js';
import type { VenueBalanceReading } from '../queries/get-venue-balance.js';

const cents = (example: number, description: string) =>
  ({ type: 'integer', example, description: `${description}, in cents.` }) as const;

export class BalanceView {
  @ApiProperty(cents(50_000, 'Settled money, the reserve included'))
  available: number;

  @ApiProperty(cents(15_000, 'From recent sales, not yet settled'))
  pending: number;

  @ApiProperty(cents(5_000, 'Held back for disputes'))
  reserved: number;

  @ApiProperty({ example: 'USD' })
  currency: string;
}

export class PayoutInfoView {
  @ApiProperty(cents(50_000, 'Settled money, the reserve included'))
  available: number;

  @ApiProperty(cents(5_000, 'The reserve'))
  reserved: number;

  @ApiProperty(cents(45_000, 'What may be paid out: available less reserved'))
  payable: number;
}

export class VenueBalanceView {
  @ApiProperty({ type: BalanceView })
  balance: BalanceView;

  @ApiProperty({ type: PayoutInfoView })
  payoutInfo: PayoutInfoView;

  @ApiProperty(cents(0, 'What the venue owes the platform'))
  debt: number;

  @ApiProperty({
    format: 'date-time',
    example: '2026-01-12T10:00:00.000Z',
    description: 'No transaction still running can change the figures up to this instant.',
  })
  exactUpTo: string;
}

export class VenueBalanceQuery {
  @ApiPropertyOptional({ enum: ['USD'], default: 'USD' })
  @ValidateIf((_, value) => value !== undefined)
  @IsIn(['USD'])
  currency?: string;
}

/** A reading as it is answered; a refusal passes through. */
export function venueBalanceView(
  reading: VenueBalanceReading | Refusal,
): VenueBalanceView | Refusal {
  if (isRefusal(reading)) return reading;
  const available = centsToNumber(reading.available);
  const reserved = centsToNumber(reading.reserved);
  return {
    balance: {
      available,
      pending: centsToNumber(reading.pending),
      reserved,
      currency: reading.currency,
    },
    payoutInfo: { available, reserved, payable: centsToNumber(reading.payable) },
    debt: centsToNumber(reading.debt),
    exactUpTo: reading.exactUpTo.toISOString(),
  };
}
