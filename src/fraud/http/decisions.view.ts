import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { LABELS } from '../domain/label.js';
import type { StoredDecision } from '../infra/decision-rows.js';
import type { DecisionPage } from '../queries/list-decisions.js';
import { DECISIONS } from './decisions.dto.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b73';

const VERDICT = {
  type: 'object',
  additionalProperties: true,
  example: {
    decision: 'decline',
    score: 0.45,
    bot: { score: 0, indicators: [] },
    scalper: { score: 0.45, indicators: ['many_purchases'] },
    velocity: {
      exceeded: [{ limit: 'user_hour', allowed: 5, found: 6, retryAfterSeconds: 3600 }],
    },
    reasons: ['scalper:many_purchases', 'velocity:user_hour'],
    cause: 'velocity',
    ruleSet: 'v1',
  },
} as const;

class LabelView {
  @ApiProperty({ enum: LABELS, example: 'dispute' })
  label: string;

  @ApiProperty({ type: String, enum: ['open', 'won', 'lost'], nullable: true, example: 'open' })
  outcome: string | null;
}

export class DecisionView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null: declined' })
  paymentId: string | null;

  @ApiProperty({ format: 'uuid', example: ID })
  userId: string;

  @ApiProperty({ format: 'uuid', example: ID })
  venueId: string;

  @ApiProperty({ format: 'uuid', example: ID })
  eventId: string;

  @ApiProperty({ type: 'integer', description: 'Tickets', example: 2 })
  quantity: number;

  @ApiProperty({ type: 'integer', description: 'Fees and taxes included', example: 11_845 })
  amountCents: number;

  @ApiProperty({ example: 'USD' })
  currency: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T10:00:00.000Z' })
  at: string;

  @ApiProperty({ enum: DECISIONS, example: 'decline' })
  decision: string;

  @ApiProperty({ minimum: 0, maximum: 1, example: 0.45 })
  score: number;

  @ApiProperty({ type: [String], example: ['velocity:user_hour'] })
  reasons: string[];

  @ApiProperty({ description: 'The version that decided', example: 'v1' })
  ruleSet: string;

  @ApiProperty({ type: [LabelView], description: 'What became of the purchase' })
  labels: LabelView[];
}

export class DecisionDetailsView extends DecisionView {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'All that the decision was made on',
    example: { session: null, history: { purchasesUserHour: 6, usersOfCard: 1 } },
  })
  features: object;

  @ApiProperty(VERDICT)
  verdict: object;
}

export class DecisionsView {
  @ApiProperty({ type: [DecisionView], description: 'The latest first.' })
  decisions: DecisionView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

export class ReplayView {
  @ApiProperty({ format: 'uuid', example: ID })
  decisionId: string;

  @ApiProperty(VERDICT)
  stored: object;

  @ApiProperty(VERDICT)
  replayed: object;

  @ApiProperty({ description: 'Are they the same to the last bit?', example: true })
  equal: boolean;
}

/** A page as it is answered; a refusal passes through. */
export function decisionsView(page: DecisionPage | Refusal): DecisionsView | Refusal {
  return isRefusal(page) ? page : { ...page, decisions: page.decisions.map(viewOf) };
}

export function decisionDetailsView(
  decision: StoredDecision | Refusal,
): DecisionDetailsView | Refusal {
  if (isRefusal(decision)) return decision;
  const { features, verdict } = decision;
  return { ...viewOf(decision), features, verdict };
}

function viewOf(stored: StoredDecision) {
  const { features: _, attemptId: __, verdict, at, labels, ...decision } = stored;
  return {
    ...decision,
    at: at.toISOString(),
    decision: verdict.decision,
    score: verdict.score,
    reasons: [...verdict.reasons],
    ruleSet: verdict.ruleSet,
    labels: [...labels],
  };
}
