import type { ChainName, TestChains, TokenOnChain } from '../../support/chains.js';
import { query } from '../../support/shop.js';
import type { TestWorld } from '../../support/world.js';
import type { Terms } from './minting.js';
import { CHAINS } from './plan.js';

/** A ticket as it was sold, if it was. */
export interface SoldTicket {
  readonly id: string;
  readonly eventId: string;
  readonly status: 'held' | 'sold' | 'released' | 'refunding' | 'refunded';
  /** Its payment's dispute was lost. */
  readonly lost: boolean;
  readonly blockchain: ChainName;
  /** The wallet that the buyer named; null: the platform keeps it. */
  readonly wallet: string | null;
}

type Tokens = Readonly<Record<ChainName, ReadonlyMap<string, TokenOnChain>>>;

/** What the chains themselves show when a storm is over. */
export interface ChainFigures {
  /** Tokens that are somebody's. */
  readonly tokens: Readonly<Record<ChainName, number>>;
  readonly revoked: Readonly<Record<ChainName, number>>;
  readonly droppedReceipts: Readonly<Record<ChainName, number>>;
}

const NONE: TokenOnChain = { made: 0, owner: null };

/** Reads both chains to the end, and holds them against what was sold and what was booked. */
export async function judgeTokens(
  world: TestWorld,
  chains: TestChains,
  terms: ReadonlyMap<string, Terms>,
): Promise<{ readonly violations: readonly string[]; readonly chains: ChainFigures }> {
  const [polygon, solana] = await Promise.all(CHAINS.map((chain) => chains.tokensOn(chain)));
  const tokens: Tokens = { polygon: polygon ?? new Map(), solana: solana ?? new Map() };
  const tickets = await soldTickets(world);
  const count = (wanted: (token: TokenOnChain) => boolean) => ({
    polygon: [...tokens.polygon.values()].filter(wanted).length,
    solana: [...tokens.solana.values()].filter(wanted).length,
  });
  return {
    violations: [
      ...wrongTokens(tickets, tokens, chains, terms),
      ...(await wrongBooks(world, chains)),
      ...(await wrongNonces(world, chains)),
    ],
    chains: {
      tokens: count(({ owner }) => owner !== null),
      revoked: count(({ owner }) => owner === null),
      droppedReceipts: {
        polygon: chains.polygon.droppedReceipts,
        solana: chains.solana.droppedReceipts,
      },
    },
  };
}

/** I9: tokens that should not be, are somebody else's, or are not there. */
export function wrongTokens(
  tickets: readonly SoldTicket[],
  tokens: Tokens,
  { custody, tokenIdOf }: Pick<TestChains, 'custody' | 'tokenIdOf'>,
  terms: ReadonlyMap<string, Terms>,
): string[] {
  const found: string[] = [];
  for (const chain of CHAINS) {
    const unexplained = new Map(tokens[chain]);
    for (const ticket of tickets) {
      const tokenId = tokenIdOf(chain, ticket.id);
      const token = tokens[chain].get(tokenId) ?? NONE;
      unexplained.delete(tokenId);
      const keeper = ticket.wallet ?? custody[chain];
      const policy = terms.get(ticket.eventId)?.tokenRevocation ?? 'burn';
      const wrong =
        ticket.blockchain === chain
          ? whatIsWrong(ticket, token, { keeper, custody: custody[chain], policy })
          : token.made > 0 && 'has a token on another chain than its own';
      if (wrong) found.push(`I9 on ${chain} the ticket ${ticket.id} (${ticket.status}) ${wrong}`);
    }
    found.push(...[...unexplained.keys()].map((id) => `I9 on ${chain} nobody bought ${id}`));
  }
  return found;
}

function whatIsWrong(
  { status, lost }: SoldTicket,
  { made, owner }: TokenOnChain,
  to: {
    readonly keeper: string;
    readonly custody: string;
    readonly policy: Terms['tokenRevocation'];
  },
): string | false {
  if (made > 1) return `has ${made} tokens`;
  if (status === 'held' || status === 'released')
    return made > 0 && 'was never paid and has a token';
  if (status !== 'refunded' && !lost) {
    if (made === 0) return 'is paid and has no token';
    return owner !== to.keeper && `is ${String(owner)}'s, not ${to.keeper}'s`;
  }
  // What was undone before it was minted never is.
  if (made === 0) return false;
  const wanted = { burn: null, claw_back: to.custody, keep: to.keeper }[to.policy];
  return owner !== wanted && `was undone (${to.policy}) and is ${String(owner)}'s`;
}

async function soldTickets(world: TestWorld): Promise<SoldTicket[]> {
  const rows = await query(
    world,
    `SELECT t.id, t.event_id AS "eventId", t.status, s.payload#>>'{sale,blockchain}' AS blockchain,
      s.payload#>>'{sale,recipient,address}' AS wallet,
      EXISTS (SELECT FROM payment_event_sequence d WHERE d.tenant_id = t.tenant_id
        AND d.payment_id = t.payment_id AND d.event_type = 'dispute.lost') AS lost
    FROM tickets t JOIN payment_event_sequence s ON (s.tenant_id, s.payment_id, s.event_type)
      = (t.tenant_id, t.payment_id, 'payment.initiated')`,
  );
  return rows as unknown as SoldTicket[];
}

/** The signer is poorer by what the jobs cost, and the ledger says so, each job in whole units. */
async function wrongBooks(world: TestWorld, chains: TestChains): Promise<string[]> {
  const found: string[] = [];
  for (const chain of CHAINS) {
    const spent = await chains.spentOn(chain);
    const [row] = await query(
      world,
      `SELECT coalesce(sum(gas), 0) AS noted,
        coalesce(sum(ceil(gas / CASE blockchain WHEN 'polygon' THEN 1e9 ELSE 1 END)), 0) AS due,
        (SELECT coalesce(sum(amount_cents), 0) FROM ledger_entries
          WHERE account = 'chain:' || $1 || ':spent') AS booked
      FROM nft_batches WHERE blockchain = $1`,
      [chain],
    );
    const { noted, due, booked } = row ?? {};
    if (String(noted) === String(spent) && String(due) === String(booked)) continue;
    found.push(
      `I9 ${chain} has taken ${spent}; ${String(noted)} is noted, ${String(booked)} of ${String(due)} is booked`,
    );
  }
  return found;
}

/** Every nonce up to the last is in a block, and is one try's; none after it is missing. */
async function wrongNonces(world: TestWorld, chains: TestChains): Promise<string[]> {
  const { used, waiting } = await chains.noncesUsed();
  const [row] = await query(
    world,
    `SELECT coalesce(max(next_nonce), 0)::integer AS next,
      (SELECT count(*) FROM chain_free_nonces)::integer AS free,
      (SELECT count(DISTINCT nonce) FROM nft_transactions
        WHERE blockchain = 'polygon' AND status IN ('done', 'failed'))::integer AS known
    FROM chain_signers WHERE chain = 'polygon'`,
  );
  const { next = 0, free = 0, known = 0 } = (row ?? {}) as Record<string, number>;
  if (waiting === 0 && next - free === used && known === used) return [];
  return [
    `I9 polygon has used ${used} nonces, and ${waiting} transactions wait; ${next} were given, ${free} came back, ${known} were done`,
  ];
}
