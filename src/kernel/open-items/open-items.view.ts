import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../errors.js';
import { centsToNumber } from '../money/index.js';
import type { OpenItemPage } from './list-open-items.js';
import { ITEM_STATUSES, type RecordedItem } from './open-item-rows.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';
const INSTANT = '2026-01-12T10:00:00.000Z';

export class OpenItemView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ example: 'refund_unknown' })
  kind: string;

  @ApiProperty({ example: 'payment' })
  subjectType: string;

  @ApiProperty({ example: ID })
  subjectId: string;

  @ApiProperty({ example: 'The provider does not know the refund, and its key has expired' })
  cause: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 11845, description: 'Null: unknown.' })
  centsAtRisk: number | null;

  @ApiProperty({ type: String, nullable: true, example: 'USD' })
  currency: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { attempts: 12 } })
  details: object;

  @ApiProperty({ enum: ITEM_STATUSES, example: 'open' })
  status: string;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  openedAt: string;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  lastSeenAt: string;

  @ApiProperty({ type: 'integer', example: 3 })
  timesSeen: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  resolvedAt: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'A user’s id, or `system` where the cause went away by itself.',
  })
  resolvedBy: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  resolution: string | null;
}

export class AtRiskView {
  @ApiProperty({ example: 'USD' })
  currency: string;

  @ApiProperty({ type: 'integer', example: 11845 })
  cents: number;
}

export class OpenItemTotalsView {
  @ApiProperty({ type: 'integer', example: 1 })
  count: number;

  @ApiProperty({ type: [AtRiskView] })
  atRisk: AtRiskView[];
}

export class OpenItemsView {
  @ApiProperty({ type: [OpenItemView], description: 'What was opened last first.' })
  items: OpenItemView[];

  @ApiProperty({ type: OpenItemTotalsView, description: 'Of all pages.' })
  totals: OpenItemTotalsView;

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

/** An item as it is answered; a refusal passes through. */
export function openItemView(item: RecordedItem | Refusal): OpenItemView | Refusal {
  return isRefusal(item) ? item : viewOf(item);
}

export function openItemsView({ items, totals, ...rest }: OpenItemPage): OpenItemsView {
  const atRisk = totals.atRisk.map(({ currency, cents }) => ({ currency, cents: Number(cents) }));
  return { items: items.map(viewOf), totals: { count: totals.count, atRisk }, ...rest };
}

function viewOf(item: RecordedItem): OpenItemView {
  const { centsAtRisk, openedAt, lastSeenAt, resolvedAt } = item;
  return {
    ...item,
    centsAtRisk: centsAtRisk === null ? null : centsToNumber(centsAtRisk),
    openedAt: openedAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
  };
}
