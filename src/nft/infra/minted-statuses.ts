import { Injectable } from '@nestjs/common';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { type MintStatus, MintStatuses } from '../../payments/payments.contract.js';
import { progressOf, statusName } from '../domain/mint-progress.js';
import { mintOf, mintsOfPayment } from './mint-rows.js';
import { TicketChains } from './ticket-chains.js';

/** What payments are told of their tokens. */
@Injectable()
export class MintedStatuses extends MintStatuses {
  constructor(
    private readonly database: Database,
    private readonly chains: TicketChains,
  ) {
    super();
  }

  async of(tenantId: Uuid, paymentId: Uuid): Promise<MintStatus | null> {
    const [found] = await this.database.read(tenantId, [mintsOfPayment(tenantId, paymentId)]);
    const mints = (found?.rows ?? []).map(mintOf);
    const [first] = mints;
    if (!first) return null;
    const chain = await this.chains.of(first.blockchain);
    const linkTo = (hash: string | null) => (hash === null ? null : (chain?.linkTo(hash) ?? null));
    const hashes = new Set(mints.map(({ transactionHash }) => transactionHash));
    const transactionHash = hashes.size === 1 ? first.transactionHash : null;
    return {
      ...progressOf(mints.map(({ status }) => status)),
      transactionHash,
      explorerUrl: linkTo(transactionHash),
      tickets: mints.map(({ ticketId, status, tokenId, transactionHash: hash }) => ({
        ticketId,
        status: statusName(status),
        tokenId,
        transactionHash: hash,
        explorerUrl: linkTo(hash),
      })),
    };
  }
}
