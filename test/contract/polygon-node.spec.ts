import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChainUnavailable } from '../../src/kernel/chain/chain-unavailable.js';
import {
  NodeRefusal,
  PolygonNode,
  TransactionRejected,
} from '../../src/kernel/chain/polygon/index.js';

const AMOY = '0x13882';
const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const HASH = '0x'.padEnd(66, 'a');
const SECRET = 'key-that-pays-for-the-node';

interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What the node answers to a method: a result, an error, or anything at all. */
type Script = (asked: Asked, response: ServerResponse) => unknown;

let server: Server;
let asked: Asked[];
let script: Script;

const fails = (code: number, message: string, data?: unknown) => () => ({
  error: { code, message, data },
});
const answers = (result: unknown) => () => ({ result });

beforeEach(async () => {
  asked = [];
  script = answers('0x0');
  server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const question = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
  asked.push(question);
  const body = question.method === 'eth_chainId' ? { result: AMOY } : script(question, response);
  if (body === undefined) return;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ jsonrpc: '2.0', id: question.id, ...(body as object) }));
}

function node(overrides: Partial<ConstructorParameters<typeof PolygonNode>[0]> = {}): PolygonNode {
  const { port } = server.address() as AddressInfo;
  const rpcUrl = `http://127.0.0.1:${port}/v2/${SECRET}`;
  return new PolygonNode({ rpcUrl, chainId: 80_002, timeoutMs: 2_000, ...overrides });
}

/** The error a question ends with. */
async function troubleOf(question: Promise<unknown>): Promise<Error> {
  try {
    await question;
  } catch (error) {
    return error as Error;
  }
  throw new Error('the node was believed');
}

describe('a node of Polygon', () => {
  it('is asked for nothing before the first question, and once for its chain', async () => {
    const polygon = node();
    expect(polygon.network).toMatchObject({ name: 'polygon-amoy', chainId: 80_002 });
    expect(asked).toEqual([]);
    script = answers('0x7');
    expect(await polygon.nonceOf(ADDRESS, 'pending')).toBe(7);
    expect(await polygon.balanceOf(ADDRESS)).toBe(7n);
    expect(asked.map(({ method, params }) => [method, params])).toEqual([
      ['eth_chainId', []],
      ['eth_getTransactionCount', [ADDRESS, 'pending']],
      ['eth_getBalance', [ADDRESS, 'latest']],
    ]);
  });

  it('is not believed when it is on another chain', async () => {
    const trouble = await troubleOf(node({ chainId: 137 }).balanceOf(ADDRESS));
    expect(trouble).toBeInstanceOf(ChainUnavailable);
    expect(trouble.message).toContain('on chain 80002, not 137');
    expect(asked.map(({ method }) => method)).toEqual(['eth_chainId']);
  });

  it('refuses to be on Mumbai', () => {
    expect(() => node({ chainId: 80_001 })).toThrow('80001');
  });

  it('says what blocks cost', async () => {
    script = answers({
      baseFeePerGas: ['0x5', '0x6'],
      gasUsedRatio: [0.25],
      reward: [['0x1', '0x2']],
    });
    expect(await node().feeHistory([10, 50], 1)).toEqual({
      baseFees: [5n, 6n],
      gasUsedRatios: [0.25],
      tips: [[1n, 2n]],
    });
    expect(asked.at(-1)?.params).toEqual(['0x1', 'latest', [10, 50]]);
    const { maxFeePerGas, maxPriorityFeePerGas } = await node().suggestedFee();
    expect(maxPriorityFeePerGas).toBe(25_000_000_000n);
    expect(maxFeePerGas).toBe(25_000_000_012n);
  });

  it('tells what a contract said as it reverted from trouble of its own', async () => {
    const call = { to: ADDRESS, data: '0x' };
    script = fails(3, 'execution reverted', '0x08c379a0');
    const revert = await troubleOf(node().call(call, 'latest'));
    expect(revert).toBeInstanceOf(NodeRefusal);
    expect(revert).toMatchObject({ code: 3, data: '0x08c379a0' });
    script = fails(-32_000, 'missing trie node');
    expect(await troubleOf(node().call(call, 12))).toBeInstanceOf(ChainUnavailable);
    expect(asked.at(-1)?.params).toEqual([call, '0xc']);
  });

  it('shows receipts with their cost', async () => {
    const receipt = { blockNumber: '0x10', blockHash: HASH, status: '0x1' };
    script = answers({ ...receipt, gasUsed: '0x5208', effectiveGasPrice: '0x3b9aca00' });
    expect(await node().receiptOf(HASH)).toEqual({
      block: { number: 16, hash: HASH },
      succeeded: true,
      cost: 21_000_000_000_000n,
    });
    script = answers(null);
    expect(await node().receiptOf(HASH)).toBeNull();
    expect(await node().knows(HASH)).toBe(false);
  });
});

describe('sending', () => {
  it.each([
    'already known',
    'transaction already imported',
    'nonce too low: next nonce 8, tx nonce 7',
    'replacement transaction underpriced',
  ])('takes %p for a success', async (message) => {
    script = fails(-32_000, message);
    await expect(node().send('0x02')).resolves.toBeUndefined();
  });

  it.each([
    'insufficient funds for gas * price + value',
    'max fee per gas less than block base fee',
    'txpool is full',
  ])('says that the node does not take it: %p', async (message) => {
    script = fails(-32_000, message);
    const trouble = await troubleOf(node().send('0x02'));
    expect(trouble).toBeInstanceOf(TransactionRejected);
    expect(trouble.message).toBe(message);
  });

  it.each([-32_603, -32_005, 429])('knows nothing after error %p', async (code) => {
    script = fails(code, 'trouble');
    expect(await troubleOf(node().send('0x02'))).toBeInstanceOf(ChainUnavailable);
  });
});

describe('a node that cannot be asked', () => {
  const scripts: Readonly<Record<string, Script>> = {
    'is overloaded': (_, response) => void response.writeHead(503).end('busy'),
    'is asked too often': (_, response) => void response.writeHead(429).end(),
    'sends elsewhere': (_, response) =>
      void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    'answers no JSON': (_, response) => void response.end('<html>'),
    'answers something else': answers('seven'),
    'answers another question': () => ({ id: -1, result: '0x1' }),
    'answers half': (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{');
      setImmediate(() => response.destroy());
    },
    'hangs up': (_, response) => void response.destroy(),
    refuses: fails(-32_601, 'no such method'),
  };

  it.each(Object.keys(scripts))('%s', async (how) => {
    script = scripts[how] ?? answers(null);
    const polygon = node();
    const trouble = await troubleOf(polygon.balanceOf(ADDRESS));
    expect(trouble).toBeInstanceOf(ChainUnavailable);
    // The address holds a key; who reads logs shall not have it.
    const { message, stack, cause } = trouble;
    expect(JSON.stringify([message, stack, String(cause)])).not.toContain(SECRET);
    // Nothing was tried twice.
    expect(asked).toHaveLength(2);
  });

  it('is given up when it says nothing in time', async () => {
    script = () => undefined;
    const trouble = await troubleOf(node({ timeoutMs: 150 }).balanceOf(ADDRESS));
    expect(trouble).toMatchObject({ message: expect.stringContaining('no answer in time') });
  });

  it('is given up when its answer does not end', async () => {
    script = (_, response) => void response.writeHead(200).write('{"result":');
    const trouble = await troubleOf(node({ timeoutMs: 150 }).balanceOf(ADDRESS));
    expect(trouble).toBeInstanceOf(ChainUnavailable);
  });

  it('is left alone for a while when half the questions fail', async () => {
    const polygon = node();
    script = (_, response) => void response.destroy();
    for (let i = 0; i < 40; i++) await troubleOf(polygon.balanceOf(ADDRESS));
    const before = asked.length;
    const trouble = await troubleOf(polygon.balanceOf(ADDRESS));
    expect(trouble).toBeInstanceOf(ChainUnavailable);
    expect(trouble.message).toContain('breaker');
    expect(asked).toHaveLength(before);
  });

  it('is left alone for no refusal, however many', async () => {
    const polygon = node();
    script = fails(-32_000, 'insufficient funds');
    for (let i = 0; i < 40; i++) await troubleOf(polygon.send('0x02'));
    expect(await troubleOf(polygon.send('0x02'))).toBeInstanceOf(TransactionRejected);
  });
});
