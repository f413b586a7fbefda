import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { manages, type Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { account, GetBalances, GetCauses, type VenueBucket } from '../../ledger/ledger.contract.js';
import {
  type BalanceExplanation,
  type ExplainPlace,
  explanationOf,
  VENUE_BUCKETS,
} from '../domain/balance-explanation.js';
import { TicketCatalog } from '../infra/ticket-catalog.js';

export interface ExplainAsked {
  /** Now where it is absent. */
  readonly at?: Date;
  /** All four where it is absent. */
  readonly bucket?: VenueBucket;
  readonly currency: string;
  /** Where the previous page ended; it holds the page's instant too. */
  readonly from?: ExplainPlace;
  readonly limit: number;
}

/**
 * Why a venue's balance is what it is, or was at an instant: every journal that moved it, in order,
 * with a running total. Refuses (NOT_FOUND) venues that do not exist and those that the caller
 * neither owns nor manages.
 */
export class ExplainVenueBalance extends Query<BalanceExplanation | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly venueId: Uuid,
    readonly asked: ExplainAsked,
  ) {
    super();
  }
}

@QueryHandler(ExplainVenueBalance)
export class ExplainVenueBalanceHandler implements IQueryHandler<ExplainVenueBalance> {
  constructor(
    private readonly queries: QueryBus,
    private readonly catalog: TicketCatalog,
    private readonly clock: Clock,
  ) {}

  async execute({ principal, venueId, asked }: ExplainVenueBalance) {
    const { tenantId } = principal;
    if (!manages(principal, venueId)) return NOT_FOUND;
    const { bucket, currency, from, limit } = asked;
    const at = from?.at ?? asked.at ?? this.clock.now();
    const accounts = (bucket ? [bucket] : VENUE_BUCKETS).map((one) => account.venue(venueId, one));
    const after = from?.place ?? 0;
    const [{ exactUpTo }, reading] = await Promise.all([
      this.queries.execute(new GetBalances(tenantId, accounts, at)),
      this.queries.execute(new GetCauses(tenantId, { accounts, currency, at, after, limit })),
    ]);
    const isEmpty = reading.causes.length === 0 && after === 0;
    if (isEmpty && (await this.catalog.venue(tenantId, venueId)) === 'not_found') return NOT_FOUND;
    return explanationOf(reading, { at, currency, exactUpTo });
  }
}

const NOT_FOUND = refuse('NOT_FOUND', 'Not found');
