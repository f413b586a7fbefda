import { QueryBus } from '@nestjs/cqrs';
import { newId } from '../../src/kernel/ids.js';
import { GetMintOrder, mintJobId } from '../../src/payments/payments.contract.js';
import type { Client } from '../support/client.js';
import {
  type PolygonNode,
  type SolanaNode,
  startPolygonNode,
  startSolanaNode,
} from '../support/chain-nodes.js';
import { type OneTypeEvent, orderOf, type OrderWish, PROCESS } from '../support/shop.js';
import { type PaymentsWorld, startPaymentsWorld } from './payments-world.js';

const WALLETS = {
  polygon: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  solana: '7mYGg5nquJBxigBjkcajtwXU3ZtSbmdcNK4oYAVsfTcB',
};

interface Scene extends PaymentsWorld {
  readonly polygon: PolygonNode;
  readonly solana: SolanaNode;
}

/** An application whose chains are two nodes that know of fees. */
async function startScene(): Promise<Scene> {
  const [polygon, solana] = await Promise.all([startPolygonNode(), startSolanaNode()]);
  const world = await startPaymentsWorld({
    POLYGON_RPC_URL: polygon.baseUrl,
    POLYGON_CHAIN_ID: '31337',
    POLYGON_CONTRACT_ADDRESS: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    SOLANA_RPC_URL: solana.baseUrl,
    SOLANA_CLUSTER: 'localnet',
    CHAIN_TIMEOUT_MS: '1000',
  });
  return {
    ...world,
    polygon,
    solana,
    close: async () => {
      await world.close();
      await Promise.all([polygon.close(), solana.close()]);
    },
  };
}

const calculate = (client: Client, event: OneTypeEvent, quantity = 1) => {
  const { venueId, eventId, tickets } = orderOf(event, { quantity });
  return client.post('/api/v1/payments/calculate-fees', { venueId, eventId, tickets });
};

describe('with both chains', () => {
  let scene: Scene;
  let buyer: Client;
  let event: OneTypeEvent;

  beforeAll(async () => {
    scene = await startScene();
    buyer = await scene.as(['user']);
    // From the first look on the fees are remembered.
    await calculate(buyer, scene.shop.event());
  });
  afterAll(() => scene.close());
  beforeEach(() => {
    event = scene.shop.event();
  });

  const buy = (wish: OrderWish = {}) => buyer.pay(PROCESS, orderOf(event, wish));
  const status = async (id: unknown) =>
    (await buyer.get(`/api/v1/payments/transaction/${String(id)}`)).body.nftStatus;
  const configure = async (settings: object) => {
    const owner = await scene.as(['venue_owner'], { venues: [event.venueId] });
    const path = `/api/v1/venues/${event.venueId}/settings`;
    const { status } = await owner.send('PUT', path, JSON.stringify({ settings }), {});
    expect(status).toBe(200);
  };
  const refusedOn = (field: string) => ({
    status: 422,
    body: { code: 'VALIDATION_ERROR', errors: [{ field }] },
  });

  it('calculate-fees tells what each would cost the platform, exactly, and the cheapest', async () => {
    const { status, body } = await calculate(buyer, event, 2);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      fees: { gasEstimate: 100 },
      gasEstimates: {
        polygon: {
          blockchain: 'polygon',
          unit: 'wei',
          estimatedFee: expect.stringMatching(/^\d{16}$/),
          feeInMicroUsd: expect.any(Number),
          feeInUSD: expect.stringMatching(/^0\.00\d{4}$/),
          congestionLevel: 'low',
          stale: false,
          readAt: expect.any(String),
        },
        solana: {
          blockchain: 'solana',
          unit: 'lamports',
          estimatedFee: expect.stringMatching(/^\d{8}$/),
          feeInUSD: expect.stringMatching(/^\d\.\d{6}$/),
          congestionLevel: 'low',
        },
      },
      recommendedBlockchain: 'polygon',
      blockchain: 'polygon',
    });
    const one = (await calculate(buyer, event, 1)).body.gasEstimates;
    const [single, double] = [one, body.gasEstimates].map((estimates) =>
      BigInt((estimates as { polygon: { estimatedFee: string } }).polygon.estimatedFee),
    );
    expect(double).toBe(2n * (single ?? 0n));
  });

  it('a purchase is minted on the recommended one, and says that it is queued', async () => {
    const { body } = await buy();
    const { id } = body.transaction;
    const jobId = mintJobId(String(id));
    expect(body).toMatchObject({
      nftStatus: 'queued',
      transaction: { metadata: { mintJobId: jobId } },
    });
    expect(await status(id)).toEqual({
      status: 'queued',
      blockchain: 'polygon',
      jobId,
      progress: 0,
      transactionHash: null,
      explorerUrl: null,
      tickets: [],
    });
  });

  it('the settings of the venue decide, and the quote shows it', async () => {
    await configure({ blockchain: 'solana' });
    expect((await calculate(buyer, event)).body).toMatchObject({
      recommendedBlockchain: 'polygon',
      blockchain: 'solana',
    });
    const { body } = await buy();
    expect(await status(body.transaction.id)).toMatchObject({ blockchain: 'solana' });
  });

  it('a quote keeps the chain it was given with', async () => {
    await configure({ blockchain: 'solana' });
    const { quote } = (await calculate(buyer, event)).body;
    await configure({});
    const { body } = await buy({ rest: { quote } });
    expect(await status(body.transaction.id)).toMatchObject({ blockchain: 'solana' });
  });

  it('a wallet decides where the settings leave it open, and is kept in canonical form', async () => {
    const recipient = { blockchain: 'polygon', address: WALLETS.polygon.toLowerCase() };
    const { body } = await buy({ rest: { recipient }, quantity: 2 });
    const paymentId = String(body.transaction.id);
    const { tenantId } = scene.world.cast;
    const order = await scene.app.get(QueryBus).execute(new GetMintOrder(tenantId, paymentId));
    expect(order).toMatchObject({
      paymentId,
      jobId: mintJobId(paymentId),
      eventId: event.id,
      venueId: event.venueId,
      blockchain: 'polygon',
      recipient: WALLETS.polygon,
      ticketIds: (body.transaction.tickets as { id: string }[]).map(({ id }) => id),
    });
    const none = new GetMintOrder(tenantId, newId());
    expect(await scene.app.get(QueryBus).execute(none)).toBeNull();
    const onSolana = { blockchain: 'solana', address: WALLETS.solana };
    const other = await buy({ rest: { recipient: onSolana } });
    expect(await status(other.body.transaction.id)).toMatchObject({ blockchain: 'solana' });
  });

  it.each([
    ['polygon', WALLETS.polygon.replace('Aed', 'AeD')],
    ['polygon', `0x${'0'.repeat(40)}`],
    ['polygon', WALLETS.solana],
    ['solana', 'AmFwtxJFNPV9AQYQzLBAqyhEy7ecArWmA2a4VbkvZBDV'],
    ['solana', '1'.repeat(32)],
  ])('a wallet of %s that nobody can use is refused: %s', async (blockchain, address) => {
    const before = scene.world.stripe.truth().intents.length;
    expect(await buy({ rest: { recipient: { blockchain, address } } })).toMatchObject(
      refusedOn('recipient.address'),
    );
    expect(scene.world.stripe.truth().intents).toHaveLength(before);
  });

  it('a wallet on another chain than the event’s is refused', async () => {
    await configure({ blockchain: 'polygon' });
    const recipient = { blockchain: 'solana', address: WALLETS.solana };
    expect(await buy({ rest: { recipient } })).toMatchObject(refusedOn('recipient.blockchain'));
  });
});

describe('a chain that is away', () => {
  let scene: Scene;
  let buyer: Client;

  beforeEach(async () => {
    scene = await startScene();
    buyer = await scene.as(['user']);
  });
  afterEach(() => scene.close());

  it.each(['down', 'hang', 'odd'] as const)('being %s, stops no sale', async (mode) => {
    scene.polygon.mode = mode;
    const event = scene.shop.event();
    const { status, body } = await calculate(buyer, event);
    expect(status).toBe(200);
    expect(Object.keys(body.gasEstimates as object)).toEqual(['solana']);
    expect(body).toMatchObject({ recommendedBlockchain: 'solana', blockchain: 'solana' });
    scene.solana.mode = mode;
    expect((await buyer.pay(PROCESS, orderOf(event))).status).toBe(200);
  });

  it('from the start on, stops no sale either: the first chain is taken', async () => {
    scene.polygon.mode = scene.solana.mode = 'hang';
    const event = scene.shop.event();
    const { body } = await buyer.pay(PROCESS, orderOf(event));
    expect(body.nftStatus).toBe('queued');
    expect(await calculate(buyer, event)).toMatchObject({
      status: 200,
      body: { gasEstimates: {}, recommendedBlockchain: null, blockchain: 'polygon' },
    });
  });

  it('with the price feed, leaves the fees in their own unit', async () => {
    scene.world.prices.setOutage('down');
    const { body } = await calculate(buyer, scene.shop.event());
    expect(body).toMatchObject({
      gasEstimates: { polygon: { feeInMicroUsd: null, feeInUSD: null } },
      recommendedBlockchain: 'polygon',
    });
  });
});

describe('without a chain', () => {
  it('nobody is asked, nothing is promised, and wallets are taken all the same', async () => {
    const world = await startPaymentsWorld();
    const buyer = await world.as(['user']);
    const event = world.shop.event();
    expect((await calculate(buyer, event)).body).toMatchObject({
      gasEstimates: {},
      recommendedBlockchain: null,
      blockchain: null,
    });
    const recipient = { blockchain: 'solana', address: WALLETS.solana };
    const { body } = await buyer.pay(PROCESS, orderOf(event, { rest: { recipient } }));
    expect(body).toMatchObject({
      nftStatus: 'not_configured',
      transaction: { metadata: { mintJobId: null } },
    });
    const path = `/api/v1/payments/transaction/${String(body.transaction.id)}`;
    expect((await buyer.get(path)).body.nftStatus).toMatchObject({
      status: 'not_configured',
      blockchain: null,
      jobId: null,
    });
    expect(world.world.prices.asked()).toBe(0);
    await world.close();
  });
});
