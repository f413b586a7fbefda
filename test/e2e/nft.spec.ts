import { ethers } from '../../src/kernel/chain/polygon/index.js';
import { CLAIM_TYPES, claimDomain } from '../../src/nft/infra/polygon/claim.js';
import { type TestChains, startChains } from '../support/chains.js';
import type { Reply } from '../support/client.js';
import { eventually } from '../support/shop.js';
import { type Bought, NftWorld, soon } from './nft-world.js';

jest.setTimeout(180_000);

let chains: TestChains;
let world: NftWorld;

beforeAll(async () => {
  chains = await startChains();
  world = await NftWorld.open(chains.env);
});
afterAll(async () => {
  await world.close();
  await chains.close();
});

const newWallet = () => ethers().Wallet.createRandom();

describe.each(['polygon', 'solana'] as const)('tickets on %s', (blockchain) => {
  it('become tokens, which the buyer can follow and the chain confirms', async () => {
    const bought = await world.buy(await world.eventOn(blockchain), 3);
    const done = await world.until(bought, 'completed');
    expect(done).toMatchObject({ progress: 100, jobId: expect.any(String) as string });
    for (const ticketId of bought.tickets) {
      expect(await chains.tokenOf(blockchain, ticketId)).toEqual({
        made: 1,
        owner: chains.custody[blockchain],
      });
    }
  });

  it('are burned when they are refunded, and the others live on', async () => {
    const bought = await world.buy(await world.eventOn(blockchain), 2);
    await world.until(bought, 'completed');
    const [refunded = '', kept = ''] = bought.tickets;
    await world.refund(bought, [refunded]);
    await eventually(async () => {
      await world.hurry();
      return (await chains.tokenOf(blockchain, refunded)).owner === null;
    }, 'the burning');
    expect((await chains.tokenOf(blockchain, kept)).owner).toBe(chains.custody[blockchain]);
  });

  it('cost what the books say', async () => {
    await world.until(await world.buy(await world.eventOn(blockchain), 1), 'completed');
    await eventually(async () => {
      await world.hurry();
      return (await world.query(`SELECT FROM nft_batches WHERE status = 'open'`)).length === 0;
    }, 'the books');
    const [booked] = await world.query(
      `SELECT sum(amount_cents)::text AS spent FROM ledger_entries WHERE account = $1`,
      [`chain:${blockchain}:spent`],
    );
    const [recorded] = await world.query(
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
    const bought = await world.buy(world.shop.event(), 1, recipient);
    await world.until(bought, 'completed');
    expect((await chains.tokenOf('polygon', bought.tickets[0] ?? '')).owner).toBe(address);
  });

  async function claim(bought: Bought, over: object = {}, by = bought.buyer): Promise<Reply> {
    const wallet = newWallet();
    const [ticketId = ''] = bought.tickets;
    const expiresAt = soon();
    const domain = claimDomain(chains.polygon.chainId, chains.polygon.contract);
    const value = { ticketId, wallet: wallet.address, expiresAt };
    const signature = await wallet.signTypedData(domain, CLAIM_TYPES, value);
    const body = { wallet: wallet.address, expiresAt, signature, ...over };
    return by.post(`/api/v1/nft/tickets/${ticketId}/claim`, body);
  }

  it('claims the token with its signature, once', async () => {
    const bought = await world.buy(await world.eventOn('polygon'), 1);
    await world.until(bought, 'completed');
    const claimed = await claim(bought);
    expect([claimed.status, claimed.text]).toEqual([200, claimed.text]);
    const { pendingWallet } = claimed.body as unknown as { pendingWallet: string };
    await eventually(async () => {
      await world.hurry();
      const { owner } = await chains.tokenOf('polygon', bought.tickets[0] ?? '');
      return owner === pendingWallet;
    }, 'the transfer');
    expect((await claim(bought)).body).toMatchObject({ code: 'CONFLICT' });
  });

  it('cannot claim what is somebody else’s, what it has not signed, or for ever', async () => {
    const bought = await world.buy(await world.eventOn('polygon'), 1);
    await world.until(bought, 'completed');
    const stranger = await world.shop.buyer(world.running.url);
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
    const bought = await world.buy(await world.eventOn('polygon'), 1);
    const { tickets } = await world.until(bought, 'completed');
    const answer = await fetch(`${world.running.url}/nft/metadata/${tickets[0]?.tokenId ?? ''}`);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ symbol: 'TICKET' });
    for (const id of [bought.paymentId, ...bought.tickets]) expect(text).not.toContain(id);
    expect((await fetch(`${world.running.url}/nft/metadata/12345`)).status).toBe(404);
  });

  it('is listed for administrators with its transactions, and nothing is tried anew that has not failed', async () => {
    const bought = await world.buy(await world.eventOn('polygon'), 1);
    await world.until(bought, 'completed');
    const list = await world.admin.get(`/admin/nft/mints?paymentId=${bought.paymentId}`);
    const { mints } = list.body as unknown as { mints: { id: string; status: string }[] };
    expect(mints).toMatchObject([{ status: 'minted' }]);
    const details = await world.admin.get(`/admin/nft/mints/${mints[0]?.id ?? ''}`);
    expect(details.body).toMatchObject({ transactions: [{ status: 'done' }] });
    const retried = await world.admin.post(`/admin/nft/mints/${mints[0]?.id ?? ''}/retry`, {});
    expect(retried.body).toMatchObject({ code: 'CONFLICT' });
  });
});
