import { FAILPOINTS, type Failpoint } from '../../../src/kernel/failpoints/failpoints.js';
import type { PolygonFaultPlan } from '../../../src/sandbox/polygon/index.js';
import type { SolanaFaultPlan } from '../../../src/sandbox/solana/index.js';
import type { FaultPlan } from '../../../src/sandbox/stripe/faults/plan.js';
import { SeededRandom } from '../../../src/sandbox/stripe/faults/random.js';

/** A place in the fleet: there is always one process in it, or one on its way. */
export const SLOTS = ['api-1', 'api-2', 'worker-1'] as const;
/** Where there are chains, two workers are after the same jobs. */
const MINTING_SLOTS = [...SLOTS, 'worker-2'] as const;
export type Slot = (typeof MINTING_SLOTS)[number];

/** A worker dies half as fast, having to come to its failpoints: all slots are to die until the end. */
const DEATHS: readonly Slot[] = ['api-1', 'api-1', 'api-2', 'api-2', 'worker-1'];
const MINTING_DEATHS: readonly Slot[] = [...DEATHS, 'worker-2'];

/**
 * How the next process in a slot ends: once so many deeds have been answered since it came up, and
 * some milliseconds more, or at a failpoint. Counted in deeds, a slow machine sees the same storm.
 */
export type Death =
  { readonly afterDeeds: number; readonly andMs: number } | { readonly failpoint: Failpoint };

/** Servers that the application needs, or can do without. */
export type Server = 'postgres' | 'redis' | 'rabbit' | 'polygon' | 'solana';
/** The chains among them; a storm has both or none. */
export const CHAINS = ['polygon', 'solana'] as const;

/**
 * What happens to a server: every connection breaks, answers stay out, answers are late; it is
 * restarted at once and without ceremony; Redis forgets everything; a chain's last blocks are replaced
 * by empty ones; no transaction signed before can get into a block any more.
 */
export type Trouble = 'cut' | 'hold' | 'slow' | 'restart' | 'flush' | 'reorganize' | 'expire';

export interface Incident {
  readonly server: Server;
  readonly trouble: Trouble;
  readonly forMs: number;
  /** Rest before the next one. */
  readonly thenMs: number;
}

/** Everything that is going to go wrong, decided by the seed alone. */
export interface ChaosPlan {
  /** Of each slot there is. */
  readonly deaths: Readonly<Partial<Record<Slot, readonly Death[]>>>;
  readonly incidents: readonly Incident[];
  readonly provider: FaultPlan;
  /** Where there are chains. */
  readonly chains?: { readonly polygon: PolygonFaultPlan; readonly solana: SolanaFaultPlan };
}

export interface PlanWish {
  readonly kills: number;
  readonly seed: number;
  readonly servers: readonly Server[];
}

const TROUBLES: Readonly<Record<Server, readonly Trouble[]>> = {
  postgres: ['cut', 'hold', 'slow', 'restart'],
  redis: ['cut', 'hold', 'slow', 'restart', 'flush', 'flush'],
  rabbit: ['cut', 'hold', 'slow', 'restart'],
  polygon: ['cut', 'hold', 'slow', 'reorganize', 'reorganize'],
  solana: ['cut', 'hold', 'slow', 'expire'],
};

/** On ways that no customer of a storm takes; specs of their own kill there. */
const OFF_THE_WAY = /^(review|cancellation|alert)\.|^webhook\.(before|after)_send$/;
const MINTING = 'mint.';

/** Failpoints that a storm with these servers comes to. */
export function passedWith(servers: readonly Server[]): readonly Failpoint[] {
  const passed = FAILPOINTS.filter((name) => !OFF_THE_WAY.test(name));
  return withChains(servers) ? passed : passed.filter((name) => !name.startsWith(MINTING));
}

export function withChains(servers: readonly Server[]): boolean {
  return CHAINS.every((chain) => servers.includes(chain));
}

/** Failpoints that only a process that answers requests passes; the others are the workers'. */
const OF_REQUESTS = /^(purchase|refund|capture|cancel)\.|^webhook\.after_inbox$/;

export function planOf({ kills, seed, servers }: PlanWish): ChaosPlan {
  const random = new SeededRandom(seed);
  const minting = withChains(servers);
  const passed = passedWith(servers);
  const slots = minting ? MINTING_SLOTS : SLOTS;
  const deaths = Object.fromEntries(slots.map((slot) => [slot, [] as Death[]]));
  for (let i = 0; i < kills; i++) {
    const slot = pick(minting ? MINTING_DEATHS : DEATHS, random);
    deaths[slot]?.push(deathIn(slot, passed, random));
  }
  const incidents = Array.from({ length: Math.ceil(kills / 3) }, () => incident(servers, random));
  const provider = providerFaults(random);
  return { deaths, incidents, provider, ...(minting && { chains: chainFaults(random) }) };
}

function deathIn(slot: Slot, passed: readonly Failpoint[], random: SeededRandom): Death {
  if (random.below(2) === 0) return { afterDeeds: random.below(25), andMs: random.below(60) };
  const requests = !slot.startsWith('worker');
  return {
    failpoint: pick(
      passed.filter((name) => OF_REQUESTS.test(name) === requests),
      random,
    ),
  };
}

function incident(servers: readonly Server[], random: SeededRandom): Incident {
  const server = pick(servers, random);
  const trouble = pick(TROUBLES[server], random);
  return {
    server,
    trouble,
    forMs: 200 + random.below(1_500),
    thenMs: 2_000 + random.below(5_000),
  };
}

/** Three calls in a hundred go wrong, in every way there is; and news is doubled, late, shuffled. */
function providerFaults(random: SeededRandom): FaultPlan {
  const each = { ratePpm: 4_000, match: { method: 'POST' as const } };
  return {
    seed: random.below(0xffff_ffff),
    rules: [
      { fault: 'failBefore', ...each },
      { fault: 'failAfter', ...each },
      { fault: 'hang', holdMs: 9_000, ...each },
      { fault: 'hangBefore', holdMs: 9_000, ...each },
      { fault: 'reset', ...each },
      { fault: 'resetBefore', ...each },
      { fault: 'sticky500', ...each },
      { fault: 'rateLimit', ratePpm: 4_000 },
    ],
    webhooks: {
      copyPpm: 50_000,
      duplicatePpm: 50_000,
      delayPpm: 50_000,
      delayMs: 1_500,
      reorderWindow: 4,
      // One after the other they would come ever later, each of them having to wait out a death.
      atOnce: 8,
    },
  };
}

/**
 * A fifth of all receipts is not shown. One transaction in fifty each is refused, vanishes, or comes
 * although the sender hears nothing; some answers are late.
 */
function chainFaults(random: SeededRandom): NonNullable<ChaosPlan['chains']> {
  const each = { dropReceiptsPpm: 200_000, loseSendsPpm: 20_000, cutSendsPpm: 20_000 };
  const seed = () => random.below(0xffff_ffff);
  return {
    polygon: { seed: seed(), ...each, rejectSendsPpm: 20_000, delayPpm: 50_000, delayMs: 300 },
    solana: { seed: seed(), ...each, refusePpm: 20_000, delayMs: 300 },
  };
}

export function pick<T>(items: readonly T[], random: SeededRandom): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
