import { ApiProperty } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { Backtest } from '../queries/backtest-rules.js';
import { DECISIONS } from './decisions.dto.js';

const count = (example: number, description?: string) =>
  ApiProperty({ type: 'integer', example, ...(description && { description }) });

class ChangeView {
  @ApiProperty({ enum: DECISIONS, example: 'approve' })
  from: string;

  @ApiProperty({ enum: DECISIONS, example: 'review' })
  to: string;

  @count(12)
  decisions: number;
}

class AffectedView {
  @ApiProperty({ example: 'USD' })
  currency: string;

  @count(
    236_900,
    'Cents of purchases that would be declined and were not, each once however often tried',
  )
  blockedCents: number;

  @count(0, 'Cents of purchases that were declined and would not be, each once')
  letInCents: number;
}

class ReasonCountsView {
  @ApiProperty({ example: 'velocity:user_hour' })
  reason: string;

  @count(3)
  before: number;

  @count(15)
  after: number;
}

class QualityView {
  @count(9, 'Frauds that were flagged')
  caught: number;

  @count(1, 'Honest purchases that were flagged')
  wronged: number;

  @count(2, 'Frauds that were not flagged')
  missed: number;

  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 1, example: 0.9 })
  precision: number | null;
}

class QualitiesView {
  @ApiProperty({ type: QualityView })
  before: QualityView;

  @ApiProperty({ type: QualityView })
  after: QualityView;
}

export class BacktestView {
  @ApiProperty({ example: 'strict-2026' })
  ruleSet: string;

  @ApiProperty({ format: 'date-time' })
  from: string;

  @ApiProperty({ format: 'date-time', description: 'The end of what was examined' })
  to: string;

  @ApiProperty({ description: 'Is there more? Then ask again from `to` on.', example: false })
  truncated: boolean;

  @count(4_000)
  examined: number;

  @count(12)
  changed: number;

  @ApiProperty({ type: [ChangeView] })
  changes: ChangeView[];

  @count(7, 'Buyers of whom a purchase would be declined that was not')
  buyersBlocked: number;

  @count(0, 'Buyers of whom a purchase was declined that would not be')
  buyersLetIn: number;

  @ApiProperty({ type: [AffectedView] })
  affected: AffectedView[];

  @ApiProperty({ type: [ReasonCountsView] })
  reasons: ReasonCountsView[];

  @ApiProperty({
    type: QualitiesView,
    description:
      'How flags (challenge, review, decline) agree with disputes and reviews; what was declined ' +
      'has none, so that a rule set is never blamed for whom the other one turned away.',
  })
  quality: QualitiesView;
}

/** The figures as they are answered; a refusal passes through. */
export function backtestView(answer: Backtest | Refusal): BacktestView | Refusal {
  if (isRefusal(answer)) return answer;
  const { changes, affected, reasons, from, to, ...figures } = answer;
  return {
    ...figures,
    from: from.toISOString(),
    to: to.toISOString(),
    changes: [...changes],
    affected: [...affected],
    reasons: [...reasons],
  };
}
