import { Optional } from '@nestjs/common';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import type { Principal } from '../../kernel/auth/index.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { mintJobOf, mintOutlook } from '../domain/mint-outlook.js';
import type { BegunPayment } from '../domain/payment.js';
import type { Blockchain } from '../domain/sale.js';
import { MintStatuses, type TicketMintStatus } from '../infra/mint-statuses.js';
import { GetPayment } from './get-payment.js';

/** What is told of a payment's tokens. */
export interface NftStatus {
  readonly status: string;
  readonly blockchain: Blockchain | null;
  readonly jobId: Uuid | null;
  readonly progress: number;
  readonly transactionHash: string | null;
  readonly explorerUrl: string | null;
  readonly tickets: readonly TicketMintStatus[];
}

export interface Transaction {
  readonly payment: BegunPayment;
  readonly nftStatus: NftStatus;
}

/** One payment as `GetPayment` answers it, and the state of its tokens. */
export class GetTransaction extends Query<Transaction | Refusal> {
  constructor(
    readonly principal: Principal,
    readonly paymentId: Uuid,
  ) {
    super();
  }
}

@QueryHandler(GetTransaction)
export class GetTransactionHandler implements IQueryHandler<GetTransaction> {
  constructor(
    private readonly queries: QueryBus,
    @Optional() private readonly statuses?: MintStatuses,
  ) {}

  async execute({ principal, paymentId }: GetTransaction): Promise<Transaction | Refusal> {
    const payment = await this.queries.execute(new GetPayment(principal, paymentId));
    return isRefusal(payment) ? payment : { payment, nftStatus: await this.nftStatus(payment) };
  }

  private async nftStatus(payment: BegunPayment): Promise<NftStatus> {
    const { sale } = payment;
    const { blockchain } = sale;
    const begun = blockchain && (await this.statuses?.of(sale.tenantId, sale.paymentId));
    const expected = {
      status: mintOutlook(payment),
      progress: 0,
      transactionHash: null,
      explorerUrl: null,
      tickets: [],
    };
    return { blockchain, jobId: mintJobOf(sale), ...(begun ?? expected) };
  }
}
