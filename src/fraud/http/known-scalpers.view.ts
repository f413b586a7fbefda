import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { KnownScalper } from '../infra/scalper-rows.js';
import type { ScalperPage } from '../queries/list-known-scalpers.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b72';

export class KnownScalperView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: ID })
  userId: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'fp_8f14e45fceea167a' })
  deviceFingerprint: string | null;

  @ApiProperty({ example: 'Resold 40 tickets in March' })
  reason: string;

  @ApiProperty({ minimum: 0, maximum: 1, example: 0.9 })
  confidence: number;

  @ApiProperty({ format: 'uuid', description: 'Who added it', example: ID })
  addedBy: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T10:00:00.000Z' })
  addedAt: string;
}

export class KnownScalpersView {
  @ApiProperty({ type: [KnownScalperView], description: 'The latest first.' })
  scalpers: KnownScalperView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

/** A scalper as it is answered; a refusal passes through. */
export function knownScalperView(scalper: KnownScalper | Refusal): KnownScalperView | Refusal {
  return isRefusal(scalper) ? scalper : viewOf(scalper);
}

export function knownScalpersView(page: ScalperPage): KnownScalpersView {
  return { ...page, scalpers: page.scalpers.map(viewOf) };
}

function viewOf(scalper: KnownScalper): KnownScalperView {
  return { ...scalper, addedAt: scalper.addedAt.toISOString() };
}
