import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { CAUSES } from '../domain/difference.js';
import { MOVEMENTS } from '../domain/movements.js';
import { type Figures, RUN_STATUSES, STEPS } from '../domain/run.js';
import type { RecordedRun } from '../infra/run-rows.js';
import type { RecordedDifference, RunReport } from '../queries/get-run.js';
import type { RunPage } from '../queries/list-runs.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';
const INSTANT = '2026-01-12T10:00:00.000Z';
const NONE = { nullable: true, example: null } as const;
const FIGURES = {
  linesImported: 12,
  paymentsRebuilt: 0,
  paymentsReviewed: 1,
  costsBooked: 9,
  stalesAsked: 0,
  outboxRetried: 0,
  itemsClosed: 0,
  opened: 1,
  resolved: 0,
  open: 1,
  balances: [
    {
      currency: 'USD',
      providerCents: 103_500,
      ledgerCents: 100_000,
      differenceCents: 3_500,
      explainedCents: 3_500,
    },
  ],
};

export class RunView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ enum: ['schedule', 'request'], example: 'request' })
  trigger: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: ID })
  requestedBy: string | null;

  @ApiProperty({ enum: RUN_STATUSES, example: 'completed' })
  status: string;

  @ApiProperty({ enum: STEPS, example: 'closed' })
  step: string;

  @ApiProperty({ type: String, ...NONE, description: 'Why it is incomplete, or has failed.' })
  reason: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: FIGURES,
    description:
      'What the run did and found. In each currency the open differences explain the provider’s ' +
      'balance less the ledger’s; a rest is itself a difference, `unexplained`.',
  })
  figures: Figures;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  requestedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: INSTANT })
  completedAt: string | null;
}

export class DifferenceView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ enum: CAUSES, example: 'charge_without_payment' })
  cause: string;

  @ApiProperty({ enum: [...MOVEMENTS, 'none'], example: 'charge' })
  movement: string;

  @ApiProperty({ example: 'provider_line' })
  subjectType: string;

  @ApiProperty({ example: 'txn_1OuF2x2eZvKYlo2C' })
  subjectId: string;

  @ApiProperty({ type: String, format: 'uuid', ...NONE })
  paymentId: string | null;

  @ApiProperty({
    type: 'integer',
    example: 3_500,
    description: 'Its part of the provider’s balance less the ledger’s, in cents.',
  })
  cents: number;

  @ApiProperty({ type: 'integer', example: 3_500, description: 'What it is about, in cents.' })
  atRiskCents: number;

  @ApiProperty({ type: String, nullable: true, example: 'USD' })
  currency: string | null;

  @ApiProperty({
    type: String,
    enum: ['review', 'settle', 'retry', 'wait'],
    ...NONE,
    description: 'What the machine does about it. Null: its owner has an open item.',
  })
  fix: string | null;

  @ApiProperty({
    type: String,
    enum: ['finance', 'operations'],
    nullable: true,
    example: 'finance',
  })
  owner: string | null;

  @ApiProperty({ type: 'integer', example: 310 })
  ageSeconds: number;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { kind: 'charge' } })
  details: object;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  firstSeen: string;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  lastSeen: string;

  @ApiProperty({ type: 'integer', example: 1 })
  timesSeen: number;

  @ApiProperty({ type: String, format: 'date-time', ...NONE })
  resolvedAt: string | null;
}

export class DifferenceTotalView {
  @ApiProperty({ enum: CAUSES, example: 'charge_without_payment' })
  cause: string;

  @ApiProperty({ type: String, nullable: true, example: 'USD' })
  currency: string | null;

  @ApiProperty({ type: 'integer', example: 1 })
  count: number;

  @ApiProperty({ type: 'integer', example: 3_500 })
  cents: number;
}

export class RunReportView {
  @ApiProperty({ type: RunView })
  run: RunView;

  @ApiProperty({
    type: [DifferenceView],
    description: 'Open when the run ended: the 500 weightiest.',
  })
  differences: DifferenceView[];

  @ApiProperty({ type: [DifferenceTotalView], description: 'Of all of them.' })
  totals: DifferenceTotalView[];
}

export class RunsView {
  @ApiProperty({ type: [RunView], description: 'The latest first.' })
  runs: RunView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

export function runView(run: RecordedRun): RunView {
  const { requestedAt, completedAt } = run;
  return {
    ...run,
    requestedAt: requestedAt.toISOString(),
    completedAt: completedAt?.toISOString() ?? null,
  };
}

export function runsView({ runs, ...rest }: RunPage): RunsView {
  return { runs: runs.map(runView), ...rest };
}

/** A report as it is answered; a refusal passes through. */
export function runReportView(report: RunReport | Refusal): RunReportView | Refusal {
  if (isRefusal(report)) return report;
  const { run, differences, totals } = report;
  return {
    run: runView(run),
    differences: differences.map(differenceView),
    totals: totals.map((total) => ({ ...total, cents: Number(total.cents) })),
  };
}

function differenceView(difference: RecordedDifference): DifferenceView {
  const { cents, atRiskCents, firstSeen, lastSeen, resolvedAt } = difference;
  return {
    ...difference,
    cents: Number(cents),
    atRiskCents: Number(atRiskCents),
    firstSeen: firstSeen.toISOString(),
    lastSeen: lastSeen.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
  };
}
