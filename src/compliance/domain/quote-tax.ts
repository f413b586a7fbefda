import { add, type Cents, multiply, percentOf, sum, ZERO } from '../../kernel/money/index.js';
import type { Assessment } from './assess.js';
import type { TaxEngine } from './engines.js';
import { isUnitedStates, placeKey, stateCode } from './place.js';
import { specialLevies } from './special-rules.js';
import type { Levy, TaxKind, TaxLine, TaxQuestion, TaxQuote } from './tax-quote.js';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The tax on a sale. Admissions are taxed where the event takes place, by the rules of the day of
 * the sale (Tennessee DOR, SUT-185); the buyer's address has no part in it. Outside the United
 * States nothing is charged and the reason says so. Each tax is rounded once, half away from zero.
 * `codes` maps a state's name to its code. Throws RangeError on a date that is not YYYY-MM-DD.
 */
export function quoteTax(
  engines: readonly TaxEngine[],
  codes: ReadonlyMap<string, string>,
  question: TaxQuestion,
): TaxQuote {
  const { place, saleDate, venueId, specialRules = [] } = question;
  if (!ISO_DATE.test(saleDate)) throw new RangeError(`${saleDate} is not a date`);
  if (!isUnitedStates(place)) return abroad(question);

  const found = firstAnswer(engines, question, stateCode(place, codes));
  const jurisdiction =
    found.levies.findLast((levy) => levy.kind === 'local')?.jurisdiction ??
    found.jurisdictions[1] ??
    'US';
  const special = specialLevies(specialRules, {
    saleDate,
    venueId,
    jurisdictions: found.jurisdictions,
    mostLocal: jurisdiction,
  });
  const lines = [...found.levies, ...special].map((levy) => put(levy, question));
  return totalled(question.taxableAmount, lines, {
    jurisdiction,
    estimate: !found.certain,
    reasons: found.reasons,
  });
}

function firstAnswer(
  engines: readonly TaxEngine[],
  { place, saleDate }: TaxQuestion,
  state: string,
): Assessment {
  for (const engine of engines) {
    const answer = engine.assess({ state, place, saleDate });
    if (answer) return answer;
  }
  throw new Error('no tax engine answered');
}

function put(levy: Levy, question: TaxQuestion): TaxLine {
  const taxableCents =
    levy.base === 'tickets'
      ? question.taxableAmount
      : add(question.taxableAmount, question.feesCents ?? ZERO);
  const percent = levy.ratePpm === null ? ZERO : percentOf(taxableCents, levy.ratePpm);
  const flat =
    levy.perTicketCents === null ? ZERO : multiply(levy.perTicketCents, question.ticketCount);
  return { ...levy, taxableCents, amountCents: add(percent, flat) };
}

function abroad({ taxableAmount, place }: TaxQuestion): TaxQuote {
  const reasons = ['the event takes place outside the United States: no US sales tax'];
  const jurisdiction = placeKey(place.country).slice(0, 64);
  return totalled(taxableAmount, [], { jurisdiction, estimate: false, reasons });
}

function totalled(
  taxableAmount: Cents,
  lines: readonly TaxLine[],
  rest: Pick<TaxQuote, 'jurisdiction' | 'estimate' | 'reasons'>,
): TaxQuote {
  const of = (kind: TaxKind) =>
    sum(lines.filter((line) => line.kind === kind).map((line) => line.amountCents));
  return {
    taxableAmount,
    lines,
    stateTax: of('state'),
    localTax: of('local'),
    specialTax: of('special'),
    totalTax: sum(lines.map((line) => line.amountCents)),
    ...rest,
  };
}
