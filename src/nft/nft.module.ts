import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { ServiceInfo } from '../kernel/observability/index.js';
import { describeEvents } from '../kernel/outbox/index.js';
import { provideSaga, provideSagaCommand, type SagaCommandMeta } from '../kernel/saga/index.js';
import { MintStatuses } from '../payments/payments.contract.js';
import { ClaimTicketHandler } from './commands/claim-ticket.js';
import { EnqueueMints, EnqueueMintsHandler } from './commands/enqueue-mints.js';
import { RetryMintHandler } from './commands/retry-mint.js';
import { RevokeTokens, RevokeTokensHandler } from './commands/revoke-tokens.js';
import { ClaimsController } from './http/claims.controller.js';
import { MetadataController } from './http/metadata.controller.js';
import { MintsController } from './http/mints.controller.js';
import { BalanceWatch } from './infra/balance-watch.js';
import { Batcher } from './infra/batcher.js';
import { TICKET_CHAINS } from './infra/configured-chains.js';
import { GasBooks } from './infra/gas-books.js';
import { JobFinishing } from './infra/job-finishing.js';
import { JobSigning } from './infra/job-signing.js';
import { JobTurn } from './infra/job-turn.js';
import { MintGauges } from './infra/mint-gauges.js';
import { MintedStatuses } from './infra/minted-statuses.js';
import { MintingJobs } from './infra/minting-jobs.js';
import { TicketChains } from './infra/ticket-chains.js';
import { NFT_EVENTS } from './nft.contract.js';
import { ENQUEUE_MINTS, nftSaga, REVOKE_TOKENS, type TicketsOfPayment } from './nft.saga.js';
import { GetMetadataHandler } from './queries/get-metadata.js';
import { GetMintHandler } from './queries/get-mint.js';
import { ListMintsHandler } from './queries/list-mints.js';

const about = (payload: TicketsOfPayment, { tenantId, correlationId }: SagaCommandMeta) => ({
  ...payload,
  tenantId,
  correlationId: correlationId ?? null,
});

/** Tickets as tokens. Global, because payments, below, tell what it knows of theirs. */
@Global()
@Module({
  controllers: [MintsController, ClaimsController, MetadataController],
  providers: [
    describeEvents(...NFT_EVENTS),
    provideSaga(nftSaga, TicketChains),
    provideSagaCommand<TicketsOfPayment>(
      ENQUEUE_MINTS,
      (payload, meta) => new EnqueueMints(about(payload, meta)),
    ),
    provideSagaCommand<TicketsOfPayment>(
      REVOKE_TOKENS,
      (payload, meta) => new RevokeTokens(about(payload, meta)),
    ),
    EnqueueMintsHandler,
    RevokeTokensHandler,
    RetryMintHandler,
    ClaimTicketHandler,
    ListMintsHandler,
    GetMintHandler,
    GetMetadataHandler,
    TICKET_CHAINS,
    GasBooks,
    JobFinishing,
    JobSigning,
    JobTurn,
    MintingJobs,
    Batcher,
    BalanceWatch,
    MintGauges,
    { provide: MintStatuses, useClass: MintedStatuses },
  ],
  exports: [MintStatuses],
})
export class NftModule implements OnModuleInit {
  constructor(
    private readonly info: ServiceInfo,
    private readonly chains: TicketChains,
  ) {}

  onModuleInit(): void {
    this.info.declare({ nftIntegration: this.chains.configured });
  }
}
