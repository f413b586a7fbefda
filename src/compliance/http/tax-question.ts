import { toCents } from '../../kernel/money/index.js';
import type { TaxQuestion } from '../domain/tax-quote.js';
import type { CalculateTaxDto } from './calculate-tax.dto.js';

/** The body as the engine's question; `today` is the date at the place, for a body without one. */
export function toTaxQuestion(
  body: CalculateTaxDto,
  today: string,
): Omit<TaxQuestion, 'specialRules'> {
  const { venueAddress: place, amount, ticketCount = 1, saleDate = today } = body;
  return {
    place,
    saleDate,
    taxableAmount: toCents(amount),
    ticketCount,
    ...(body.venueId !== undefined && { venueId: body.venueId.toLowerCase() }),
  };
}
