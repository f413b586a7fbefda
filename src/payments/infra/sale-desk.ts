import { Injectable } from '@nestjs/common';
import {
  parseSpecialTaxRules,
  specialTaxRulesStatement,
  TaxRules,
} from '../../compliance/compliance.contract.js';
import { businessDate } from '../../kernel/business-date.js';
import { GasOracle } from '../../kernel/chain/gas/index.js';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import {
  type KeyScope,
  type KnownKey,
  parseKey,
  readKey,
} from '../../kernel/idempotency/idempotency.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import {
  type CatalogEvent,
  KnownVolumes,
  needsTierGuard,
  parseSettings,
  parseTierReading,
  type PurchaseLimits,
  settingsReading,
  TicketCatalog,
  tierGuard,
  tierReading,
} from '../../venues/venues.contract.js';
import { type DrawnSale, drawUpSale, type SaleFacts } from '../domain/draw-up-sale.js';
import type { Sale } from '../domain/sale.js';
import type { SaleOrder } from '../domain/sale-order.js';
import { cancelledEvent } from './cancellation-rows.js';

/** A sale ready to begin, and what must still hold when it does. */
export interface PreparedSale {
  readonly sale: Sale;
  readonly deviceFingerprint: string | null;
  /** Do its buyers have to come through the waiting room? */
  readonly highDemand: boolean;
  readonly limits: PurchaseLimits;
  readonly at: Date;
  readonly guards: readonly Statement[];
}

/** What a purchase finds before it begins: its key is known, or it has a price, or it is refused. */
export type DeskAnswer = { readonly known: KnownKey } | PreparedSale | Refusal;

/** Where an order becomes a sale: one look at the catalogue, one round trip for everything else. */
@Injectable()
export class SaleDesk {
  constructor(
    private readonly database: Database,
    private readonly catalog: TicketCatalog,
    private readonly taxes: TaxRules,
    private readonly volumes: KnownVolumes,
    private readonly gas: GasOracle,
    private readonly clock: Clock,
  ) {}

  /** A known key wins over everything that may have changed since: price, catalogue, capacity. */
  async prepare(order: SaleOrder, scope: KeyScope): Promise<DeskAnswer> {
    const event = await this.event(order, false).catch((error: unknown) => ({ failed: error }));
    if ('failed' in event || isRefusal(event)) {
      const [row] = await this.database.read(scope.tenantId, [readKey(scope)]);
      const known = parseKey(row);
      if (known) return { known };
      if ('failed' in event) throw event.failed;
      return event;
    }
    const { known, cancelled, facts } = await this.read(order, scope, event);
    if (known) return { known };
    if (cancelled) return refuse('EVENT_CANCELLED', 'The event is cancelled.');
    const drawn = drawUpSale(order, facts, this.taxes, newId);
    if (!isRefusal(drawn)) return this.prepared(order, facts, drawn);
    return this.withFreshFacts(order, scope, drawn);
  }

  private async event(order: SaleOrder, fresh: boolean): Promise<CatalogEvent | Refusal> {
    const event = await this.catalog.event(order.tenantId, order.eventId, { fresh });
    if (event === 'not_found') return refuse('NOT_FOUND', 'There is no such event.');
    if (event.venueId === order.venueId) return event;
    return refuse('VALIDATION_ERROR', 'Validation failed', {
      errors: [{ field: 'venueId', message: 'is not the venue of this event' }],
    });
  }

  /**
   * Before a buyer is told that a price has changed, the catalogue itself is asked, and the venue's
   * volume is read anew: the one this process remembers may belong to an earlier tier.
   */
  private async withFreshFacts(
    order: SaleOrder,
    scope: KeyScope,
    refused: Refusal,
  ): Promise<DeskAnswer> {
    if (refused.refused !== 'PRICE_CHANGED' && refused.refused !== 'QUOTE_MISMATCH') return refused;
    const event = await this.event(order, true);
    if (isRefusal(event)) return event;
    const { tenantId, venueId } = order;
    const day = businessDate(this.clock.now(), event.timezone);
    this.volumes.forget(tenantId, venueId, event.currency, day);
    const { known, facts } = await this.read(order, scope, event);
    if (known) return { known };
    const drawn = drawUpSale(order, facts, this.taxes, newId);
    return isRefusal(drawn) ? drawn : this.prepared(order, facts, drawn);
  }

  private async read(
    order: SaleOrder,
    scope: KeyScope,
    event: CatalogEvent,
  ): Promise<{ known: KnownKey | null; cancelled: boolean; facts: SaleFacts }> {
    const { tenantId, venueId, eventId } = order;
    const at = this.clock.now();
    const day = businessDate(at, event.timezone);
    const hint = this.volumes.recall(tenantId, venueId, event.currency, day);
    const [key, cancellation, settings, rules, volume] = await this.database.read(tenantId, [
      readKey(scope),
      cancelledEvent(tenantId, eventId),
      settingsReading(tenantId, venueId, eventId, at),
      specialTaxRulesStatement(tenantId, venueId, day),
      ...(hint === undefined ? [tierReading(tenantId, venueId, event.currency, day)] : []),
    ]);
    const monthToDateCents = hint ?? parseTierReading(volume?.rows ?? []);
    this.volumes.learn(tenantId, venueId, event.currency, day, monthToDateCents);
    const facts = {
      at,
      event,
      settings: parseSettings(settings?.rows ?? []),
      specialRules: parseSpecialTaxRules(rules?.rows ?? []),
      monthToDateCents,
      blockchains: this.gas.offer(),
    };
    return { known: parseKey(key), cancelled: Boolean(cancellation?.rowCount), facts };
  }

  private prepared(
    order: SaleOrder,
    { at, event, settings }: SaleFacts,
    drawn: DrawnSale,
  ): PreparedSale {
    const { tenantId, venueId } = order;
    const { tier } = drawn.fees;
    const day = businessDate(at, event.timezone);
    const guards = needsTierGuard(tier)
      ? [tierGuard(tenantId, venueId, event.currency, day, tier)]
      : [];
    return {
      sale: drawn.sale,
      deviceFingerprint: order.deviceFingerprint,
      highDemand: settings.highDemand ?? event.highDemand,
      limits: settings.purchaseLimits,
      at,
      guards,
    };
  }

  /** The volume this process remembered is outdated: the next reading asks the ledger. */
  forgetVolume({ tenantId, venueId, event, price }: Sale, at: Date): void {
    const day = businessDate(at, event.timezone);
    this.volumes.forget(tenantId, venueId, price.currency, day);
  }
}
