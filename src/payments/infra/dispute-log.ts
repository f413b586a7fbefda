import { Injectable } from '@nestjs/common';
import {
  type KeptSignals,
  parsePurchaseSignals,
  readPurchaseSignals,
} from '../../fraud/fraud.contract.js';
import { fold } from '../../kernel/decider/decider.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Evidence } from '../domain/dispute-evidence.js';
import { evidencePack } from '../domain/dispute-evidence-pack.js';
import { payment as decider } from '../domain/payment.js';
import { PaymentStreams, restored } from './payment-streams.js';

/** What our own records tell about a disputed payment. */
@Injectable()
export class DisputeLog {
  constructor(
    private readonly database: Database,
    private readonly streams: PaymentStreams,
  ) {}

  /** The evidence pack of a payment that exists; for the event log, so without its address. */
  async evidence(tenantId: Uuid, paymentId: Uuid): Promise<Evidence> {
    const [history, kept] = await Promise.all([
      this.streams.history(tenantId, paymentId),
      this.signals(tenantId, paymentId),
    ]);
    const log = history.map((stored) => ({ at: stored.at, event: restored(stored) }));
    const payment = fold(
      decider,
      log.map(({ event }) => event),
    );
    if (payment.status === 'NONE') throw new Error(`payment ${paymentId} was never begun`);
    return evidencePack(payment, log, kept && { ...kept, addressTaken: kept.address !== null });
  }

  /** The network address of the purchase; null where none was kept, or it no longer is. */
  async purchaseAddress(tenantId: Uuid, paymentId: Uuid): Promise<string | null> {
    return (await this.signals(tenantId, paymentId))?.address ?? null;
  }

  private async signals(tenantId: Uuid, paymentId: Uuid): Promise<KeptSignals | null> {
    const [found] = await this.database.read(tenantId, [readPurchaseSignals(tenantId, paymentId)]);
    return parsePurchaseSignals(found);
  }
}
