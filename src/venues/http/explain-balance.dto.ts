import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { IsInstant, Omittable, WholeNumber } from '../../kernel/http/index.js';
import type { VenueBucket } from '../../ledger/ledger.contract.js';
import { type ExplainPlace, VENUE_BUCKETS } from '../domain/balance-explanation.js';
import type { ExplainAsked } from '../queries/explain-venue-balance.js';

const PAGE = 50;
/** The instant in milliseconds, and the last place. */
const CURSOR = String.raw`^\d{1,14}-\d{1,9}$`;
/** Of which balance, at which instant, and which page. */
export class ExplainBalanceDto {
  @ApiPropertyOptional({
    format: 'date-time',
    example: '2026-01-12T10:00:00Z',
    description: 'Now unless it is named.',
  })
  @Omittable()
  @IsInstant()
  at?: string;

  @ApiPropertyOptional({ enum: VENUE_BUCKETS, description: 'All four unless it is named.' })
  @Omittable()
  @IsIn(VENUE_BUCKETS)
  bucket?: VenueBucket;

  @ApiPropertyOptional({ enum: ['USD'], default: 'USD' })
  @Omittable()
  @IsIn(['USD'])
  currency?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: PAGE })
  @Omittable()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @ApiPropertyOptional({
    example: '1768212000000-50',
    pattern: CURSOR,
    description: "The previous page's nextCursor: it goes on at the same instant.",
  })
  @Omittable()
  @Matches(new RegExp(CURSOR), { message: `must match ${CURSOR}` })
  cursor?: string;
}

export function toExplainAsked(dto: ExplainBalanceDto): ExplainAsked {
  const { at, bucket, currency = 'USD', limit = PAGE, cursor } = dto;
  return {
    ...(at && { at: new Date(at) }),
    ...(bucket && { bucket }),
    ...(cursor && { from: placeOf(cursor) }),
    currency,
    limit,
  };
}

export function cursorOf({ at, place }: ExplainPlace): string {
  return `${at.getTime()}-${place}`;
}

function placeOf(cursor: string): ExplainPlace {
  const [at, place] = cursor.split('-');
  return { at: new Date(Number(at)), place: Number(place) };
}
