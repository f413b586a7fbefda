import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { manages, type Principal } from '../../kernel/auth/index.js';
import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { negate, ZERO } from '../../kernel/money/index.js';
import { account, type Balance, GetBalances } from '../../ledger/ledger.contract.js';
import { type VenueBalance, venueBalance } from '../domain/venue-balance.js';
import { TicketCatalog } from '../infra/ticket-catalog.js';

export interface VenueBalanceReading extends VenueBalance {
  readonly currency: string;
  /** No transaction still running can change the reading for instants up to this one. */
  readonly exactUpTo: Date;
}

/**
 * What a venue has coming in one currency. Refuses (NOT_FOUND) venues that do not exist and those
 * that the caller neither owns nor manages.
 */
export class GetVenueBalance extends Query<VenueBalanceReading | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly venueId: Uuid,
    readonly currency: string,
  ) {
    super();
  }
}

const BUCKETS = ['pending', 'available', 'reserved', 'debt'] as const;

@QueryHandler(GetVenueBalance)
export class GetVenueBalanceHandler implements IQueryHandler<GetVenueBalance> {
  constructor(
    private readonly queries: QueryBus,
    private readonly catalog: TicketCatalog,
  ) {}

  async execute({ principal, venueId, currency }: GetVenueBalance) {
    if (!manages(principal, venueId)) return NOT_FOUND;
    const accounts = BUCKETS.map((bucket) => account.venue(venueId, bucket));
    const { balances, exactUpTo } = await this.queries.execute(
      new GetBalances(principal.tenantId, accounts),
    );
    // Money on the books proves that the venue exists, even while the ticket service is away.
    if (balances.length === 0 && !(await this.exists(principal.tenantId, venueId))) {
      return NOT_FOUND;
    }
    return { ...balanceIn(currency, venueId, balances), currency, exactUpTo };
  }

  private async exists(tenantId: Uuid, venueId: Uuid): Promise<boolean> {
    return (await this.catalog.venue(tenantId, venueId)) !== 'not_found';
  }
}

const NOT_FOUND = refuse('NOT_FOUND', 'Not found');

/** The ledger's debits are positive: what we owe the venue is negative there, what it owes us is not. */
function balanceIn(currency: string, venueId: Uuid, balances: readonly Balance[]): VenueBalance {
  const on = (bucket: (typeof BUCKETS)[number]) => {
    const name = account.venue(venueId, bucket);
    const found = balances.find((b) => b.account === name && b.currency === currency);
    return found?.balance ?? ZERO;
  };
  return venueBalance(
    {
      pending: negate(on('pending')),
      available: negate(on('available')),
      reserved: negate(on('reserved')),
    },
    on('debt'),
  );
}
