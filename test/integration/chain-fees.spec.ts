import { ChainUnavailable } from '../../src/kernel/chain/chain-unavailable.js';
import { polygonGas } from '../../src/kernel/chain/gas/polygon-gas.js';
import { solanaGas } from '../../src/kernel/chain/gas/solana-gas.js';
import { HttpPriceFeed } from '../../src/kernel/chain/prices/http-price-feed.js';
import { listen, type Listener } from '../../src/sandbox/http-router.js';
import { type PriceFeedEmulator, startPriceFeed } from '../../src/sandbox/prices/index.js';
import {
  type FeeNode,
  type PolygonNode,
  type SolanaNode,
  startPolygonNode,
  startSolanaNode,
} from '../support/chain-nodes.js';

const GWEI = 10n ** 9n;
const TIMEOUT_MS = 2_000;

let polygonNode: PolygonNode;
let solanaNode: SolanaNode;
let feed: PriceFeedEmulator;

beforeAll(async () => {
  [polygonNode, solanaNode, feed] = await Promise.all([
    startPolygonNode(),
    startSolanaNode(),
    startPriceFeed(),
  ]);
});
afterAll(() => Promise.all([polygonNode, solanaNode, feed].map((each) => each.close())));
afterEach(() => {
  polygonNode.mode = solanaNode.mode = 'up';
  feed.setOutage('none');
});

const polygon = () =>
  polygonGas(
    {
      rpcUrl: polygonNode.baseUrl,
      chainId: 80_002,
      contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
      signer: undefined,
      balanceAlertPol: 10,
    },
    TIMEOUT_MS,
  );
const solana = () =>
  solanaGas(
    { rpcUrl: solanaNode.baseUrl, cluster: 'devnet', signer: undefined, balanceAlertSol: 1 },
    TIMEOUT_MS,
  );

describe('the fees of Polygon', () => {
  it('are base fee and median tip for a ticket’s gas, by eth_feeHistory alone', async () => {
    const { feePerTicket, congestionLevel } = await polygon().read();
    expect(feePerTicket % (60n * GWEI)).toBe(0n);
    expect(feePerTicket / (60n * GWEI)).toBeGreaterThan(40_000n);
    expect(congestionLevel).toBe('low');
    expect(new Set(polygonNode.asked)).toEqual(new Set(['eth_feeHistory']));
  });

  it('rise with the next block’s base fee, and so does the level', async () => {
    const before = await polygon().read();
    polygonNode.baseFees = [...polygonNode.baseFees.slice(0, -1), 300n * GWEI];
    const after = await polygon().read();
    expect(after.feePerTicket).toBe((before.feePerTicket * 330n) / 60n);
    expect(after.congestionLevel).toBe('high');
  });
});

describe('the fees of Solana', () => {
  it('are the rent of two accounts and a signature where nobody pays for priority', async () => {
    const { feePerTicket, congestionLevel } = await solana().read();
    const [perByte, overhead] = [6_960n, 128n];
    const bytes = (feePerTicket - 5_000n) / perByte - 2n * overhead;
    expect(feePerTicket).toBe(5_000n + perByte * (bytes + 2n * overhead));
    expect(bytes).toBeGreaterThan(500n);
    expect(congestionLevel).toBe('low');
  });

  it('rise with the price of the newest slots, in whatever order they are told', async () => {
    const before = await solana().read();
    solanaNode.priorityFees = solanaNode.priorityFees.map((_, slot) => (slot < 45 ? 0 : 1_000_000));
    expect((await solana().read()).feePerTicket).toBe(before.feePerTicket);
    solanaNode.priorityFees = solanaNode.priorityFees.map((_, slot) => (slot < 40 ? 0 : 1_000_000));
    const after = await solana().read();
    expect(after.feePerTicket - before.feePerTicket).toBe(30_000n);
    expect(after.congestionLevel).toBe('medium');
  });
});

describe('a node that gives no answer', () => {
  const chains = [
    ['polygon', () => polygon().read(), (mode: FeeNode['mode']) => (polygonNode.mode = mode)],
    ['solana', () => solana().read(), (mode: FeeNode['mode']) => (solanaNode.mode = mode)],
  ] as const;

  describe.each(chains)('%s', (_, read, set) => {
    it.each(['down', 'hang', 'odd'] as const)('being %s, is unavailable', async (mode) => {
      set(mode);
      const failure = await read().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ChainUnavailable);
      expect(String(failure)).not.toContain('127.0.0.1');
    });
  });
});

describe('the price feed', () => {
  const prices = (apiKey?: string) =>
    new HttpPriceFeed({ priceFeed: { url: feed.url, apiKey }, timeoutMs: TIMEOUT_MS }).prices();

  it('is read exactly, in millionths of a dollar', async () => {
    expect(await prices()).toEqual({ POL: 220_000n, SOL: 142_500_000n });
    feed.setPrices({ POL: 0.198_765_4, SOL: 151.07 });
    expect(await prices('a-demo-key')).toEqual({ POL: 198_765n, SOL: 151_070_000n });
  });

  it('can be moved over HTTP', async () => {
    const response = await fetch(`${feed.baseUrl}/__emulator/prices`, {
      method: 'PUT',
      body: JSON.stringify({ SOL: 99.5 }),
    });
    expect(response.status).toBe(200);
    expect(await prices()).toMatchObject({ SOL: 99_500_000n });
  });

  it.each(['down', 'hang'] as const)('that is %s throws in time', async (mode) => {
    feed.setOutage(mode);
    await expect(prices()).rejects.toThrow();
  });
});

describe('an answer of the price feed', () => {
  let odd: Listener;
  let body: unknown;
  beforeAll(async () => {
    odd = await listen({ 'GET /simple/price': () => ({ status: 200, body }) });
  });
  afterAll(() => odd.close());

  const read = (answer: unknown) => {
    body = answer;
    const priceFeed = { url: odd.baseUrl, apiKey: undefined };
    return new HttpPriceFeed({ priceFeed, timeoutMs: TIMEOUT_MS }).prices();
  };

  it.each([
    ['lacks', {}],
    ['has no price of', { solana: {} }],
    ['has no number for', { solana: { usd: '142.5' } }],
    ['has nothing above zero for', { solana: { usd: 0 } }],
    ['garbles', { solana: ['?'] }],
  ])('that %s one coin tells the other', async (_, solana) => {
    const pol = { 'polygon-ecosystem-token': { usd: 0.22 } };
    expect(await read({ ...pol, ...solana })).toEqual({ POL: 220_000n });
  });

  it('that tells of the second alone is one too', async () => {
    const found = await read({ 'polygon-ecosystem-token': null, solana: { usd: 142.5 } });
    expect(found).toEqual({ SOL: 142_500_000n });
  });

  it.each([
    ['an empty one', {}],
    ['a list', [{ usd: 1 }]],
    ['a text', 'sold out'],
    ['one of other coins', { bitcoin: { usd: 1 } }],
  ])('that is %s throws', async (_, answer) => {
    await expect(read(answer)).rejects.toThrow();
  });
});
