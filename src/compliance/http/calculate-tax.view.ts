import { ApiProperty } from '@nestjs/swagger';
import { centsToNumber, sum } from '../../kernel/money/index.js';
import type { TaxKind, TaxLine, TaxQuote } from '../domain/tax-quote.js';

/** All taxes of one kind together; where none applies, its rate and amount are 0. */
export class TaxKindView {
  @ApiProperty({ example: 'Tennessee Sales Tax' })
  name: string;

  @ApiProperty({ example: 7, description: 'Per cent, for display; ratePpm is exact.' })
  rate: number;

  @ApiProperty({ example: 70_000, type: 'integer', description: 'Parts per million.' })
  ratePpm: number;

  @ApiProperty({ example: 700, type: 'integer', description: 'Cents.' })
  amount: number;

  @ApiProperty({ example: 'US-TN' })
  jurisdiction: string;
}

export class TaxBreakdownView {
  @ApiProperty({ type: TaxKindView })
  state: TaxKindView;

  @ApiProperty({ type: TaxKindView })
  local: TaxKindView;

  @ApiProperty({ type: TaxKindView })
  special: TaxKindView;
}

/** One tax as charged, with what it rests on. */
export class TaxLineView {
  @ApiProperty({ enum: ['state', 'local', 'special'], example: 'local' })
  kind: TaxKind;

  @ApiProperty({ example: 'US-TN-DAVIDSON' })
  jurisdiction: string;

  @ApiProperty({ example: 'Nashville Local Tax' })
  name: string;

  @ApiProperty({ example: 27_500, type: 'integer', nullable: true })
  ratePpm: number | null;

  @ApiProperty({ example: null, type: 'integer', nullable: true })
  perTicketCents: number | null;

  @ApiProperty({ example: 10_000, type: 'integer' })
  taxableAmount: number;

  @ApiProperty({ example: 275, type: 'integer' })
  amount: number;

  @ApiProperty({ enum: ['verified', 'estimate'], example: 'verified' })
  confidence: string;

  @ApiProperty({ example: 'row checked on 2026-07-22' })
  reason: string;

  @ApiProperty({ example: 'TN DOR Important Notice #24-11' })
  source: string;

  @ApiProperty({ example: '2025-02-01', format: 'date', nullable: true, type: String })
  effectiveFrom: string | null;
}

export class CalculateTaxView {
  @ApiProperty({ example: 10_000, type: 'integer' })
  taxableAmount: number;

  @ApiProperty({ example: 700, type: 'integer' })
  stateTax: number;

  @ApiProperty({ example: 275, type: 'integer' })
  localTax: number;

  @ApiProperty({ example: 0, type: 'integer' })
  specialTax: number;

  @ApiProperty({ example: 975, type: 'integer' })
  totalTax: number;

  @ApiProperty({ type: TaxBreakdownView })
  breakdown: TaxBreakdownView;

  @ApiProperty({ example: 'US-TN-DAVIDSON' })
  jurisdiction: string;

  @ApiProperty({ example: false, description: 'True when anything about the total is unverified.' })
  estimate: boolean;

  @ApiProperty({ type: [String], example: [] })
  reasons: string[];

  @ApiProperty({ example: '2026-11-21', format: 'date' })
  saleDate: string;

  @ApiProperty({ type: [TaxLineView] })
  lines: TaxLineView[];
}

const BUYER_UNUSED =
  'customerAddress was not used: admissions are taxed where the event takes place';

/** The quote as the internal route answers it; tells the caller when it sent a buyer's address. */
export function calculateTaxView(
  quote: TaxQuote,
  saleDate: string,
  buyerGiven: boolean,
): CalculateTaxView {
  return {
    taxableAmount: centsToNumber(quote.taxableAmount),
    stateTax: centsToNumber(quote.stateTax),
    localTax: centsToNumber(quote.localTax),
    specialTax: centsToNumber(quote.specialTax),
    totalTax: centsToNumber(quote.totalTax),
    breakdown: {
      state: kindView(quote, 'state'),
      local: kindView(quote, 'local'),
      special: kindView(quote, 'special'),
    },
    jurisdiction: quote.jurisdiction,
    estimate: quote.estimate,
    reasons: buyerGiven ? [...quote.reasons, BUYER_UNUSED] : [...quote.reasons],
    saleDate,
    lines: quote.lines.map(lineView),
  };
}

function kindView(quote: TaxQuote, kind: TaxKind): TaxKindView {
  const lines = quote.lines.filter((line) => line.kind === kind);
  const ratePpm = lines.reduce((total, line) => total + (line.ratePpm ?? 0), 0);
  return {
    name: lines.map((line) => line.name).join(' + ') || `No ${kind} tax`,
    rate: ratePpm / 10_000,
    ratePpm,
    amount: centsToNumber(sum(lines.map((line) => line.amountCents))),
    jurisdiction: lines.at(-1)?.jurisdiction ?? quote.jurisdiction,
  };
}

function lineView(line: TaxLine): TaxLineView {
  const { kind, jurisdiction, name, ratePpm, confidence, reason, source, effectiveFrom } = line;
  return {
    kind,
    jurisdiction,
    name,
    ratePpm,
    perTicketCents: line.perTicketCents === null ? null : centsToNumber(line.perTicketCents),
    taxableAmount: centsToNumber(line.taxableCents),
    amount: centsToNumber(line.amountCents),
    confidence,
    reason,
    source,
    effectiveFrom,
  };
}
