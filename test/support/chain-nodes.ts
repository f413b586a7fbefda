import { type Listener, listen, Refusal } from '../../src/sandbox/http-router.js';

type Answers = Readonly<Record<string, (params: readonly unknown[]) => unknown>>;

/** A node that knows of fees and of nothing else. */
export interface FeeNode extends Listener {
  /** `down`: answers 503. `hang`: takes questions and answers none. `odd`: answers what nobody asked. */
  mode: 'up' | 'down' | 'hang' | 'odd';
  /** The methods that it was asked for, in order. */
  readonly asked: string[];
}

export interface PolygonNode extends FeeNode {
  /** wei per gas: of the past blocks, and of the next one. */
  baseFees: bigint[];
  tip: bigint;
}

export interface SolanaNode extends FeeNode {
  /** Micro-lamports per compute unit, the oldest slot first. */
  priorityFees: number[];
}

const GWEI = 10n ** 9n;
const hex = (value: bigint) => `0x${value.toString(16)}`;

/** Base fee and tip of 30 gwei each, in twenty blocks. */
export function startPolygonNode(): Promise<PolygonNode> {
  const market = { baseFees: Array.from({ length: 21 }, () => 30n * GWEI), tip: 30n * GWEI };
  return startNode(market, {
    eth_feeHistory: () => ({
      oldestBlock: '0x10',
      baseFeePerGas: market.baseFees.map(hex),
      gasUsedRatio: market.baseFees.slice(1).map(() => 0.5),
      reward: market.baseFees.slice(1).map(() => [hex(market.tip)]),
    }),
  });
}

/** No priority fee in fifty slots, and the rent of 2026. */
export function startSolanaNode(): Promise<SolanaNode> {
  const market = { priorityFees: Array.from({ length: 50 }, () => 0) };
  return startNode(market, {
    getMinimumBalanceForRentExemption: ([bytes]) => (128 + Number(bytes)) * 6_960,
    // Nodes do not promise an order.
    getRecentPrioritizationFees: () =>
      market.priorityFees.map((prioritizationFee, slot) => ({ slot, prioritizationFee })).reverse(),
  });
}

/** The market itself becomes the node: what is set on one is what the other answers. */
async function startNode<T extends object>(market: T, answers: Answers): Promise<FeeNode & T> {
  const asked: string[] = [];
  const listener = await listen(
    {
      'POST /': ({ body }) => {
        const { id, method, params } = body as { id: unknown; method: string; params: unknown[] };
        asked.push(method);
        if (node.mode === 'down') throw new Refusal(503, 'DOWN', 'The node is down');
        const result = node.mode === 'odd' ? 'what?' : answers[method]?.(params);
        const error = { code: -32_601, message: 'no such method' };
        return { status: 200, body: { jsonrpc: '2.0', id, ...(result ? { result } : { error }) } };
      },
    },
    { intercept: () => node.mode === 'hang' },
  );
  const node: FeeNode & T = Object.assign(market, { mode: 'up' as const, asked }, listener);
  return node;
}
