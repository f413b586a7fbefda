import { ethers } from '../../src/kernel/chain/polygon/index.js';
import { Batcher } from '../../src/nft/infra/batcher.js';
import { MINTING_JOBS } from '../../src/nft/infra/minting-jobs.js';
import { CLAIM_TYPES, claimDomain } from '../../src/nft/infra/polygon/claim.js';
import { type RunningApp, startApp } from '../support/app.js';
import { type TestChains, startChains } from '../support/chains.js';
import type { Client, Reply } from '../support/client.js';
import { eventually, type OneTypeEvent, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { workOf } from '../support/work.js';

jest.setTimeout(180_000);

let chains: TestChains;
let running: RunningApp;
let shop: Shop;
let admin: Client;

beforeAll(async () => {
  chains = await startChains();
  running = await startApp(chains.env);
  shop = new Shop(running.world);
  admin = await shop.as(running.url, 'admin');
});
afterAll(async () => {
  await running.close();
  await chains.close();
});

interface Bought {
  readonly buyer: Client;
  readonly paymentId: string;
  readonly tickets: readonly string[];
}

async function buy(event: OneTypeEvent, quantity: number, rest: object = {}): Promise<Bought> {
  const buyer = await shop.buyer(running.url);
  const { status, text, body } = await buyer.pay(
    PROCESS,
    orderOf(event, { quantity, rest: { ...rest } }),
  );
  expect([status, text]).toEqual([200, text]);
  const { id, tickets } = body.transaction as unknown as { id: string; tickets: { id: string }[] };
  return { buyer, paymentId: id, tickets: tickets.map((ticket) => ticket.id) };
}

async function eventOn(blockchain: 'polygon' | 'solana'): Promise<OneTypeEvent> {
  const event = shop.event();
  const body = JSON.stringify({ settings: { blockchain } });
  const set = await admin.send('PUT', `/api/v1/events/${event.id}/settings`, body, {});
  expect([set.status, set.text]).toEqual([200, set.text]);
  return event;
}

interface NftStatus {
  readonly status: string;
  readonly progress: number;
  readonly transactionHash: string | null;
  readonly jobId: string;
  readonly tickets: readonly { readonly ticketId: string; readonly tokenId: string }[];
}

const nftStatusOf = async ({ buyer, paymentId }: Bought): Promise<NftStatus> => {
  const { body } = await buyer.get(`/api/v1/payments/transaction/${paymentId}`);
  return (body as unknown as { nftStatus: NftStatus }).nftStatus;
};

/** Does not wait for others to share a transaction with. */
async function hurry(): Promise<void> {
  await query(running.world, `UPDATE nft_mint_queue SET created_at = now() - interval '1 minute'`);
  await running.app.get(Batcher).pass();
  await query(
    running.world,
    `UPDATE nft_batches SET next_attempt_at = now() WHERE status = 'open'`,
  );
  await workOf(running.app, MINTING_JOBS).pass();
}

/** Waits until a payment's tokens are so far; answers what the buyer is told then. */
const until = (bought: Bought, wanted: string): Promise<NftStatus> =>
  eventually<NftStatus | false>(async () => {
    await hurry();
    const status = await nftStatusOf(bought);
    return status.status === wanted && status;
  }, `tokens that are ${wanted}`);

const newWallet = () => ethers().Wallet.createRandom();

describe.each(['polygon', 'solana'] as const)('tickets on %s', (blockchain) => {
  it('become tokens, which the buyer can follow and the chain confirms', async () => {
    const bought = await buy(await eventOn(blockchain), 3);
    const done = await until(bought, 'completed');
    expect(done).toMatchObject({ progress: 100, jobId: expect.any(String) as string });
    for (const ticketId of bought.tickets) {
      expect(await chains.tokenOf(blockchain, ticketId)).toEqual({
        made: 1,
        owner: chains.custody[blockchain],
      });
    }
  });

  it('are burned when they are refunded, and the others live on', async () => {
    const bought = await buy(await eventOn(blockchain), 2);
    await until(bought, 'completed');
    const [refunded = '', kept = ''] = bought.tickets;
    const path = `/api/v1/payments/transaction/${bought.paymentId}/refund`;
    const answer = await admin.pay(path, { ticketIds: [refunded], reason: 'Cannot come' });
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
    await eventually(async () => {
      await hurry();
      return (await chains.tokenOf(blockchain, refunded)).owner === null;
    }, 'the burning');
    expect((await chains.tokenOf(blockchain, kept)).owner).toBe(chains.custody[blockchain]);
  });

  it('cost what the books say', async () => {
    await until(await buy(await eventOn(blockchain), 1), 'completed');
    await eventually(async () => {
      await hurry();
      return (
        (await query(running.world, `SELECT FROM nft_batches WHERE status = 'open'`)).length === 0
      );
    }, 'the books');
    const [booked] = await query(
      running.world,
      `SELECT sum(amount_cents)::text AS spent FROM ledger_entries WHERE account = $1`,
      [`chain:${blockchain}:spent`],
    );
    const [recorded] = await query(
      running.world,
      `SELECT sum(ceil(gas / CASE blockchain WHEN 'polygon' THEN 1000000000 ELSE 1 END))::text AS spent
       FROM nft_batches WHERE blockchain = $1`,
      [blockchain],
    );
    expect(booked?.spent).toBe(recorded?.spent);
  });
});

describe('a wallet of the buyer’s', () => {
  it('named at the purchase gets the token', async () => {
    const { address } = newWallet();
    const recipient = { recipient: { blockchain: 'polygon', address } };
    const bought = await buy(shop.event(), 1, recipient);
    await until(bought, 'completed');
    expect((await chains.tokenOf('polygon', bought.tickets[0] ?? '')).owner).toBe(address);
  });

  async function claim(bought: Bought, over: object = {}, by = bought.buyer): Promise<Reply> {
    const wallet = newWallet();
    const [ticketId = ''] = bought.tickets;
    const expiresAt = Math.floor(Date.now() / 1_000) + 600;
    const domain = claimDomain(chains.polygon.chainId, chains.polygon.contract);
    const value = { ticketId, wallet: wallet.address, expiresAt };
    const signature = await wallet.signTypedData(domain, CLAIM_TYPES, value);
    const body = { wallet: wallet.address, expiresAt, signature, ...over };
    return by.post(`/api/v1/nft/tickets/${ticketId}/claim`, body);
  }

  it('claims the token with its signature, once', async () => {
    const bought = await buy(await eventOn('polygon'), 1);
    await until(bought, 'completed');
    const claimed = await claim(bought);
    expect([claimed.status, claimed.text]).toEqual([200, claimed.text]);
    const { pendingWallet } = claimed.body as unknown as { pendingWallet: string };
    await eventually(async () => {
      await hurry();
      const { owner } = await chains.tokenOf('polygon', bought.tickets[0] ?? '');
      return owner === pendingWallet;
    }, 'the transfer');
    expect((await claim(bought)).body).toMatchObject({ code: 'CONFLICT' });
  });

  it('cannot claim what is somebody else’s, what it has not signed, or for ever', async () => {
    const bought = await buy(await eventOn('polygon'), 1);
    await until(bought, 'completed');
    const stranger = await shop.buyer(running.url);
    expect((await claim(bought, {}, stranger)).status).toBe(404);
    expect((await claim(bought, { wallet: newWallet().address })).body).toMatchObject({
      code: 'INVALID_SIGNATURE',
    });
    expect((await claim(bought, { expiresAt: 32_503_679_999 })).status).toBe(422);
    expect(
      (await claim(bought, { wallet: 'So11111111111111111111111111111111111111112' })).status,
    ).toBe(422);
  });
});

describe('a token', () => {
  it('tells anybody of its event and nobody of its buyer', async () => {
    const bought = await buy(await eventOn('polygon'), 1);
    const { tickets } = await until(bought, 'completed');
    const answer = await fetch(`${running.url}/nft/metadata/${tickets[0]?.tokenId ?? ''}`);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ symbol: 'TICKET' });
    for (const id of [bought.paymentId, ...bought.tickets]) expect(text).not.toContain(id);
    expect((await fetch(`${running.url}/nft/metadata/12345`)).status).toBe(404);
  });

  it('is listed for administrators with its transactions, and nothing is tried anew that has not failed', async () => {
    const bought = await buy(await eventOn('polygon'), 1);
    await until(bought, 'completed');
    const list = await admin.get(`/admin/nft/mints?paymentId=${bought.paymentId}`);
    const { mints } = list.body as unknown as { mints: { id: string; status: string }[] };
    expect(mints).toMatchObject([{ status: 'minted' }]);
    const details = await admin.get(`/admin/nft/mints/${mints[0]?.id ?? ''}`);
    expect(details.body).toMatchObject({ transactions: [{ status: 'done' }] });
    const retried = await admin.post(`/admin/nft/mints/${mints[0]?.id ?? ''}/retry`, {});
    expect(retried.body).toMatchObject({ code: 'CONFLICT' });
  });
});
