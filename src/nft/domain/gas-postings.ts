import type { ChainName } from '../../kernel/chain/chain-names.js';
import { derivedId, type Uuid } from '../../kernel/ids.js';
import { type Cents, toCents } from '../../kernel/money/index.js';
import {
  account,
  type AccountName,
  type Journal,
  journal,
  type Posting,
} from '../../ledger/ledger.contract.js';

/** How the ledger counts a chain's own money. */
interface NativeUnit {
  /** Three letters, in place of an ISO 4217 code. */
  readonly currency: string;
  /** wei in a gwei; a lamport is one already. */
  readonly perUnit: bigint;
}

const UNITS: Readonly<Record<ChainName, NativeUnit>> = {
  polygon: { currency: 'POL', perUnit: 1_000_000_000n },
  solana: { currency: 'SOL', perUnit: 1n },
};

/** The ledger's bound for one line; what is more is several. */
const MOST_PER_LINE = 9_999_999_999n;

/** What the transactions of a job cost: `gas` in wei or lamports, `microUsd` at the price of then. */
export interface JobCost {
  readonly jobId: Uuid;
  readonly chain: ChainName;
  readonly gas: bigint;
  readonly microUsd: bigint;
  /** What earlier jobs left below a cent, 0 to 9,999 micro-dollars. */
  readonly restMicroUsd: bigint;
  /** `YYYY-MM-DD` */
  readonly businessDate: string;
}

/** The journals of a job's cost, and what of it is left below a cent for the next one. */
export interface BookedCost {
  readonly journals: readonly Journal[];
  readonly restMicroUsd: bigint;
}

/**
 * The chain's own money from its wallet to what was spent, in gwei rounded up or in lamports; and the
 * whole cents of it out of the reserve that buyers' gas fees have filled.
 */
export function bookCost(cost: JobCost): BookedCost {
  const { jobId, chain, gas, microUsd, businessDate } = cost;
  const { currency, perUnit } = UNITS[chain];
  const units = (gas + perUnit - 1n) / perUnit;
  const total = cost.restMicroUsd + microUsd;
  const cents = total / MICRO_PER_CENT;
  const draft = (kind: string, money: string, to: AccountName, amount: bigint): Journal[] =>
    amount === 0n
      ? []
      : [
          journal({
            id: derivedId(jobId, kind),
            kind,
            referenceId: jobId,
            currency: money,
            businessDate,
            postings: [...lines(to, amount, 1n), ...lines(account.chainWallet(chain), amount, -1n)],
          }),
        ];
  return {
    journals: [
      ...draft('mint_gas', currency, account.chainSpent(chain), units),
      ...draft('mint_gas_cost', 'USD', account.gasReserve, cents),
    ],
    restMicroUsd: total % MICRO_PER_CENT,
  };
}

const MICRO_PER_CENT = 10_000n;

function lines(name: AccountName, amount: bigint, sign: 1n | -1n): Posting[] {
  const postings: Posting[] = [];
  for (let left = amount; left > 0n; left -= MOST_PER_LINE) {
    const part = left < MOST_PER_LINE ? left : MOST_PER_LINE;
    postings.push({ account: name, amount: signed(part, sign), code: 'mint_gas' });
  }
  return postings;
}

function signed(amount: bigint, sign: 1n | -1n): Cents {
  return toCents(amount * sign);
}

/** Each ticket's part of what its transaction cost: the first ones bear what does not divide. */
export function gasShares(gas: bigint, tickets: number): readonly bigint[] {
  const each = gas / BigInt(tickets);
  const more = Number(gas % BigInt(tickets));
  return Array.from({ length: tickets }, (_, place) => each + (place < more ? 1n : 0n));
}
