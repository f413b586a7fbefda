import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { SignedTokens } from '../../kernel/crypto/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { type Quote, QUOTE_LIFETIME_MS, quoteFits } from '../domain/quote.js';

/** Signs prices that were shown to a buyer, and believes them again for ten minutes. */
@Injectable()
export class Quotes {
  private readonly tokens: SignedTokens;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly clock: Clock,
  ) {
    this.tokens = new SignedTokens('quote', config.quote.secrets);
  }

  sign(quote: Quote): { token: string; expiresAt: Date } {
    const expiresAt = new Date(this.clock.now().getTime() + QUOTE_LIFETIME_MS);
    return { token: this.tokens.sign(quote, expiresAt), expiresAt };
  }

  /** Refuses `QUOTE_EXPIRED`, and `QUOTE_MISMATCH` where it was given for something else. */
  accept(
    token: string,
    wanted: Pick<Quote, 'tenantId' | 'userId' | 'venueId' | 'eventId' | 'lines'>,
  ): Quote | Refusal {
    const reading = this.tokens.read(token, this.clock.now());
    if (reading.outcome === 'expired') {
      return refuse('QUOTE_EXPIRED', 'The quote has expired. Ask for a new one.');
    }
    const quote = reading.outcome === 'valid' ? (reading.claims as Quote) : null;
    if (quote && quoteFits(quote, wanted)) return quote;
    return refuse('QUOTE_MISMATCH', 'The quote was given for another purchase.');
  }
}
