import { Logger } from '@nestjs/common';
import { type ChainName, NATIVE_COINS } from '../chain-names.js';
import { toMicroUsd } from '../prices/micro-usd.js';
import type { KnownPrice, Prices } from '../prices/prices.js';
import { type Reading, Remembered } from '../remembered.js';
import type { CongestionLevel } from './congestion.js';
import type { GasReading, GasSource } from './gas-source.js';

/** What minting would cost on a chain. It is the platform's cost; buyers are charged by the fee schedule. */
export interface GasEstimate {
  readonly chain: ChainName;
  readonly unit: 'wei' | 'lamports';
  /** In that unit. */
  readonly fee: bigint;
  /** Rounded up; null while no price of the coin is known. */
  readonly feeMicroUsd: bigint | null;
  readonly congestionLevel: CongestionLevel;
  /** The node or the price feed is away: this was their last word. */
  readonly stale: boolean;
  readonly readAt: Date;
}

export interface GasEstimates {
  /** Of the configured chains that have ever answered. */
  readonly estimates: readonly GasEstimate[];
  readonly recommended: ChainName | null;
}

/** The chains that a sale may choose from. */
export interface ChainOffer {
  readonly configured: readonly ChainName[];
  /** The cheapest that can be asked; null while none has ever answered. */
  readonly recommended: ChainName | null;
}

const HOW = { freshMs: 30_000, patienceMs: 1_000, retryMs: 5_000 };

/**
 * What the configured chains cost at this moment: asked at most every thirty seconds, else the last
 * good value. A chain that is down costs a caller one second of patience at most, and a sale nothing.
 */
export class GasOracle {
  private readonly log = new Logger('GasOracle');
  private readonly sources: readonly {
    readonly chain: ChainName;
    readonly gas: Remembered<GasReading>;
  }[];

  constructor(
    sources: readonly GasSource[],
    private readonly prices: Prices,
  ) {
    this.sources = sources.map((source) => ({
      chain: source.chain,
      gas: new Remembered(() => source.read(), {
        ...HOW,
        onFailure: (error: unknown) => {
          this.log.warn({ msg: 'a chain gave no fees', chain: source.chain, err: error });
        },
      }),
    }));
  }

  /** For so many tickets. */
  async estimates(tickets: number): Promise<GasEstimates> {
    const known = await Promise.all(
      this.sources.map(async ({ chain, gas }) => {
        const [reading, price] = await Promise.all([gas.get(), this.prices.of(chain)]);
        return knownOf(chain, reading, price, tickets);
      }),
    );
    const found = known.flat();
    return { estimates: found.map(({ estimate }) => estimate), recommended: cheapest(found) };
  }

  /** Without any wait: for a purchase under way. */
  offer(): ChainOffer {
    const known = this.sources.flatMap(({ chain, gas }) =>
      knownOf(chain, gas.peek(), this.prices.peek(chain), 1),
    );
    return { configured: this.sources.map(({ chain }) => chain), recommended: cheapest(known) };
  }
}

interface Known {
  readonly estimate: GasEstimate;
  readonly healthy: boolean;
}

function knownOf(
  chain: ChainName,
  gas: Reading<GasReading> | null,
  price: KnownPrice | null,
  tickets: number,
): Known[] {
  if (!gas) return [];
  const { unit, unitsPerCoin } = NATIVE_COINS[chain];
  const fee = gas.value.feePerTicket * BigInt(tickets);
  const estimate = {
    chain,
    unit,
    fee,
    feeMicroUsd: price && toMicroUsd(fee, unitsPerCoin, price.value),
    congestionLevel: gas.value.congestionLevel,
    stale: gas.stale || price?.stale === true,
    readAt: gas.readAt,
  };
  return [{ estimate, healthy: !gas.failing }];
}

/** The cheapest in dollars of those that answer, else of all; one without a price comes last. */
function cheapest(known: readonly Known[]): ChainName | null {
  const healthy = known.filter((each) => each.healthy);
  const [first, ...others] = (healthy.length > 0 ? healthy : known).map(({ estimate }) => estimate);
  if (!first) return null;
  return others.reduce((best, next) => (isCheaper(next, best) ? next : best), first).chain;
}

function isCheaper({ feeMicroUsd: a }: GasEstimate, { feeMicroUsd: b }: GasEstimate): boolean {
  return a !== null && (b === null || a < b);
}
