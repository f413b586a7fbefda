import { randomBytes } from 'node:crypto';
import type { Uuid } from '../../src/kernel/ids.js';
import { Batcher } from '../../src/nft/infra/batcher.js';
import { type Mint, mintOf } from '../../src/nft/infra/mint-rows.js';
import type { ChainName } from '../../src/nft/infra/ticket-chain.js';
import { TicketChains } from '../../src/nft/infra/ticket-chains.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { FakeChain, fakeSignature } from '../support/fake-chain.js';
import { eventually, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { workIn } from '../support/work.js';

/** A busy machine is waited for. */
const PATIENCE_MS = 60_000;

/** A paid payment and whose it is. */
export interface Bought {
  readonly buyer: Client;
  readonly paymentId: string;
  readonly tickets: readonly string[];
}

/** What the buyer is told of a payment's tokens. */
export interface NftStatus {
  readonly status: string;
  readonly progress: number;
  readonly transactionHash: string | null;
  readonly jobId: string;
  readonly tickets: readonly { readonly ticketId: string; readonly tokenId: string }[];
}

/** An application that mints, people who buy tickets of it, and an administrator. */
export class NftWorld {
  private constructor(
    readonly running: RunningApp,
    readonly shop: Shop,
    readonly admin: Client,
  ) {}

  static async open(settings: Readonly<Record<string, string>>): Promise<NftWorld> {
    const running = await startApp(settings);
    const shop = new Shop(running.world);
    return new NftWorld(running, shop, await shop.as(running.url, 'admin'));
  }

  query(text: string, values: readonly unknown[] = []) {
    return query(this.running.world, text, values);
  }

  async eventOn(blockchain: ChainName, settings: object = {}): Promise<OneTypeEvent> {
    const event = this.shop.event();
    const body = JSON.stringify({ settings: { blockchain, ...settings } });
    const set = await this.admin.send('PUT', `/api/v1/events/${event.id}/settings`, body, {});
    expect([set.status, set.text]).toEqual([200, set.text]);
    return event;
  }

  async buy(event: OneTypeEvent, quantity = 1, rest: object = {}): Promise<Bought> {
    const buyer = await this.shop.buyer(this.running.url);
    const order = orderOf(event, { quantity, rest: { ...rest } });
    const { status, text, body } = await buyer.pay(PROCESS, order);
    expect([status, text]).toEqual([200, text]);
    const { id, tickets } = body.transaction as unknown as {
      id: string;
      tickets: { id: string }[];
    };
    return { buyer, paymentId: id, tickets: tickets.map((ticket) => ticket.id) };
  }

  async refund({ paymentId }: Bought, ticketIds: readonly string[]): Promise<void> {
    const path = `/api/v1/payments/transaction/${paymentId}/refund`;
    const { status, text } = await this.admin.pay(path, { ticketIds, reason: 'Cannot come' });
    expect([status, text]).toEqual([200, text]);
  }

  async nftStatusOf({ buyer, paymentId }: Bought): Promise<NftStatus> {
    const { body } = await buyer.get(`/api/v1/payments/transaction/${paymentId}`);
    return (body as unknown as { nftStatus: NftStatus }).nftStatus;
  }

  /** Does not wait for others to share a transaction with, nor for the time of a further try. */
  async hurry(): Promise<void> {
    const { app } = this.running;
    // Whoever has a row in hand is left alone: nobody may wait for this and be waited for.
    await this.query(`UPDATE nft_mint_queue q SET created_at = now() - interval '1 minute'
      FROM (SELECT tenant_id, id FROM nft_mint_queue WHERE status = 'queued' FOR UPDATE SKIP LOCKED) w
      WHERE q.tenant_id = w.tenant_id AND q.id = w.id`);
    await app.get(Batcher).pass();
    await this.query(`UPDATE nft_batches SET next_attempt_at = now() WHERE status = 'open'`);
    await workIn(app, 'nft-minting');
  }

  /** Waits until a payment's tokens are so far; answers what the buyer is told then. */
  until(bought: Bought, wanted: string): Promise<NftStatus> {
    return eventually<NftStatus | false>(
      async () => {
        await this.hurry();
        const status = await this.nftStatusOf(bought);
        return status.status === wanted && status;
      },
      `tokens that are ${wanted}`,
      PATIENCE_MS,
    );
  }

  /** Waits until a ticket's row is as wanted, and answers it. */
  untilMint(ticketId: Uuid, wanted: Partial<Mint>): Promise<Mint> {
    return eventually<Mint | false>(
      async () => {
        await this.hurry();
        const mint = await this.mint(ticketId).catch(() => null);
        const isAs = ([key, value]: [string, unknown]) => mint?.[key as keyof Mint] === value;
        return mint !== null && Object.entries(wanted).every(isAs) && mint;
      },
      `a mint that is ${JSON.stringify(wanted)}`,
    );
  }

  /** Throws on a ticket that nobody has asked a token for yet. */
  async mint(ticketId: Uuid): Promise<Mint> {
    const [row] = await this.query('SELECT * FROM nft_mint_queue WHERE ticket_id = $1', [ticketId]);
    if (!row) throw new Error(`${ticketId} is not queued`);
    return mintOf(row);
  }

  /** What a person has, or had, to look at. */
  itemsOf({ id }: Mint): Promise<Record<string, unknown>[]> {
    return this.query(
      'SELECT kind, status, times_seen::integer AS seen FROM open_items WHERE subject_id = $1',
      [id],
    );
  }

  /** The audit log of an action on an object, the latest entry first. */
  async audited(action: string, objectId: string): Promise<unknown[]> {
    const { body } = await this.admin.get(`/admin/audit?action=${action}&objectId=${objectId}`);
    return (body as unknown as { entries: unknown[] }).entries;
  }

  /** Jobs that were made for a ticket, by what they do. */
  async jobsOf(ticketId: Uuid, kind: 'mint' | 'revoke' | 'transfer') {
    return this.query(
      'SELECT * FROM nft_batches WHERE $1 = ANY(ticket_ids) AND kind = $2 ORDER BY created_at',
      [ticketId, kind],
    );
  }

  close(): Promise<void> {
    return this.running.close();
  }
}

/** Both chains in memory, in an application that believes it reaches them over the network. */
export interface FakeChains {
  readonly polygon: FakeChain;
  readonly solana: FakeChain;
  /** As long as it does not sign, what is queued on a chain stays there. */
  sign(blockchain: ChainName, signs: boolean): void;
}

const NOWHERE = 'http://127.0.0.1:1';

/** A world whose chains do what a test wants. */
export async function openFakeWorld(): Promise<{ world: NftWorld; chains: FakeChains }> {
  const world = await NftWorld.open({
    POLYGON_RPC_URL: NOWHERE,
    POLYGON_CHAIN_ID: '31337',
    POLYGON_CONTRACT_ADDRESS: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    POLYGON_KEY_FILE: 'none',
    SOLANA_RPC_URL: NOWHERE,
    SOLANA_CLUSTER: 'localnet',
    SOLANA_KEY_FILE: 'none',
    CHAIN_KEY_PASSPHRASE: 'correct horse battery staple',
  });
  const fakes = { polygon: new FakeChain('polygon'), solana: new FakeChain('solana') };
  const configured = world.running.app.get(TicketChains);
  const sources = Reflect.get(configured, 'sources') as Map<ChainName, object>;
  const sign = (blockchain: ChainName, signs: boolean) => {
    sources.set(blockchain, { signs, load: () => Promise.resolve(fakes[blockchain]) });
  };
  sign('polygon', true);
  sign('solana', true);
  (Reflect.get(configured, 'made') as Map<ChainName, unknown>).clear();
  return { world, chains: { ...fakes, sign } };
}

/** A wallet as a chain in memory knows them, nobody's yet. */
export const newFakeWallet = () => `wallet${randomBytes(16).toString('hex')}`;

/** When a claim that is made now may still be sent. */
export const soon = () => Math.floor(Date.now() / 1_000) + 600;

/** Claims a ticket for a wallet on a chain in memory. */
export function claimOnFake({ buyer }: Bought, ticketId: Uuid, wallet: string): Promise<Reply> {
  const body = { wallet, expiresAt: soon(), signature: fakeSignature(wallet) };
  return buyer.post(`/api/v1/nft/tickets/${ticketId}/claim`, body);
}
