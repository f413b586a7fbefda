import { Injectable } from '@nestjs/common';
import { businessDate } from '../../kernel/business-date.js';
import { loadRuleBook } from '../data/rule-book.js';
import { MAIN_TIME_ZONE } from '../data/time-zones.js';
import { enginesOf } from '../domain/engines.js';
import { isUnitedStates, type Place, stateCode } from '../domain/place.js';
import { quoteTax } from '../domain/quote-tax.js';
import type { TaxQuestion, TaxQuote } from '../domain/tax-quote.js';

/** The tax rules held in memory: quoting needs no I/O, so a sale's hot path may call it. */
@Injectable()
export class TaxRules {
  private readonly book = loadRuleBook();
  private readonly engines = enginesOf(this.book);

  /** Changes whenever any rule row does; a price quote may be bound to it. */
  readonly version = this.book.version;

  /**
   * The tax on a sale, in cents. `question.specialRules` are those the caller read with
   * `specialTaxRulesStatement`; none is assumed. Throws RangeError if `saleDate` is not YYYY-MM-DD.
   */
  quote(question: TaxQuestion): TaxQuote {
    return quoteTax(this.engines, this.book.codes, question);
  }

  /** The date at the place, by its state's main time zone (UTC where there is none). */
  dateAt(place: Place, instant: Date): string {
    const state = isUnitedStates(place) ? stateCode(place, this.book.codes) : '';
    return businessDate(instant, MAIN_TIME_ZONE.get(state) ?? 'UTC');
  }
}
