import type { QueryBus } from '@nestjs/cqrs';
import { FixedClock } from '../../src/kernel/clock.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { type Mint, mintOf } from '../../src/nft/infra/mint-rows.js';
import type { ChainName } from '../../src/nft/infra/ticket-chain.js';
import { TicketChains } from '../../src/nft/infra/ticket-chains.js';
import { mintJobId, type MintOrder } from '../../src/payments/payments.contract.js';
import { FakeChain } from '../support/fake-chain.js';
import { MintWorker } from '../support/mint-worker.js';
import { type OpenDatabase, openDatabase } from './outbox-database.js';

/** Half a dollar a coin, in millionths. */
export const PRICE = 500_000n;

/** Payments whose tickets are minted, on two chains in memory. */
export class MintWorld {
  readonly tenantId = newId();
  readonly polygon = new FakeChain('polygon');
  readonly solana = new FakeChain('solana');
  readonly clock = new FixedClock(new Date());
  readonly worker: MintWorker;
  price: bigint | null = PRICE;
  private readonly orders = new Map<Uuid, MintOrder>();

  private constructor(readonly db: OpenDatabase) {
    this.worker = this.newWorker();
  }

  static async open(): Promise<MintWorld> {
    return new MintWorld(await openDatabase());
  }

  /** Another process on the same database and chains. */
  newWorker(): MintWorker {
    const source = (chain: FakeChain) => ({ signs: true, load: () => Promise.resolve(chain) });
    const chains = new TicketChains(
      new Map<ChainName, ReturnType<typeof source>>([
        ['polygon', source(this.polygon)],
        ['solana', source(this.solana)],
      ]),
    );
    const prices = {
      of: () =>
        Promise.resolve(
          this.price === null
            ? null
            : { value: this.price, readAt: new Date(), stale: false, failing: false },
        ),
    };
    const queries = {
      execute: ({ paymentId }: { paymentId: Uuid }) =>
        Promise.resolve(this.orders.get(paymentId) ?? null),
    };
    const bus = queries as unknown as QueryBus;
    return new MintWorker(this.db.database, chains, prices, bus, this.clock);
  }

  /** A paid payment of so many tickets. */
  sold(tickets: number, over: Partial<MintOrder> = {}): MintOrder {
    const paymentId = newId();
    const order: MintOrder = {
      paymentId,
      jobId: mintJobId(paymentId),
      venueId: newId(),
      eventId: newId(),
      eventName: 'Rock Night',
      eventStartsAt: new Date(this.clock.now().getTime() + 3_600_000).toISOString(),
      soldAt: this.clock.now().toISOString(),
      blockchain: 'polygon',
      recipient: null,
      ticketIds: Array.from({ length: tickets }, () => newId()),
      ...over,
    };
    this.orders.set(paymentId, order);
    return order;
  }

  about({ paymentId }: MintOrder, ticketIds: readonly Uuid[]) {
    const { tenantId } = this;
    return { tenantId, paymentId, userId: newId(), ticketIds, correlationId: null };
  }

  async enqueue(order: MintOrder, ticketIds = order.ticketIds): Promise<void> {
    await this.worker.enqueue.execute({ about: this.about(order, ticketIds) } as never);
  }

  async revoke(order: MintOrder, ticketIds = order.ticketIds): Promise<void> {
    await this.worker.revoke.execute({ about: this.about(order, ticketIds) } as never);
  }

  /** Sells, queues and forms jobs of it; answers what was sold. */
  async queued(tickets: number, over: Partial<MintOrder> = {}): Promise<MintOrder> {
    const order = this.sold(tickets, over);
    await this.enqueue(order);
    await this.worker.batcher.pass();
    return order;
  }

  /** Whatever waits for its time is due, and leases of processes that died are over. */
  async letTimePass(): Promise<void> {
    await this.db.query(`UPDATE nft_batches SET next_attempt_at = now(), lease_until = NULL
      WHERE status = 'open'`);
  }

  /** Works until nothing is left to do, letting time pass in between. */
  async workAll(worker = this.worker): Promise<void> {
    for (let pass = 0; pass < 20; pass += 1) {
      await this.letTimePass();
      if ((await worker.work()) === 0) return;
    }
    throw new Error('there is always more to do');
  }

  async mints(order: MintOrder): Promise<Mint[]> {
    const rows = await this.db.query(
      'SELECT * FROM nft_mint_queue WHERE payment_id = $1 ORDER BY ticket_id',
      [order.paymentId],
    );
    return rows.map(mintOf);
  }

  async statuses(order: MintOrder): Promise<string[]> {
    return (await this.mints(order)).map(({ status }) => status);
  }

  async events(type: string): Promise<Record<string, unknown>[]> {
    const rows = await this.db.query(
      'SELECT payload FROM outbox WHERE event_type = $1 ORDER BY created_at',
      [type],
    );
    return rows.map(({ payload }) => payload as Record<string, unknown>);
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
