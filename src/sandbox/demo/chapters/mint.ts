import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { CHAIN_NAMES, type ChainName, NATIVE_COINS } from '../../../kernel/chain/chain-names.js';
import { toBase58 } from '../../../kernel/chain/solana/index.js';
import { CARDS } from '../../cards.js';
import type { ChainsDescription } from '../../chains/index.js';
import { heading, table } from '../print.js';
import { call, expect, pick, type Player, purchase, type Stage, until, word } from '../stage.js';
import { ownerOf } from '../token-owners.js';

/** Tickets of near events wait for no others to share a transaction with. */
const IN_AN_HOUR_MS = 3_600_000;

interface Bought {
  readonly buyer: Player;
  readonly path: string;
  readonly chain: ChainName;
  /** The buyer's own; null: the platform keeps the tokens. */
  readonly wallet: string | null;
}

interface Token {
  readonly ticketId: string;
  readonly tokenId: string;
  readonly transactionHash: string;
}

/** Three purchases become tokens, and one ticket is given back; who owns what, the chains say. */
export async function mint(stage: Stage): Promise<void> {
  const { chains } = (await (await fetch(`${stage.url}/sandbox`)).json()) as {
    readonly chains: ChainsDescription;
  };
  const running = CHAIN_NAMES.filter((name) => chains[name]);
  if (running.length === 0) {
    heading('No tickets as tokens here', chains.missing.join(' '));
    return;
  }
  const recommended = await estimates(stage);
  const [forWallet, ...others] = await Promise.all([
    buyForWallet(stage, recommended),
    ...running.map((chain) => buyOn(stage, chain)),
  ]);
  await showTokens(stage, chains, [...others, forWallet]);
  const [first] = others;
  if (first) await takeBack(stage, chains, first);
}

/** Answers the cheapest chain. */
async function estimates(stage: Stage): Promise<ChainName> {
  const { paymentMethod: _, ...order } = purchase(stage, CARDS.ok) as Record<string, unknown>;
  const path = '/api/v1/payments/calculate-fees';
  const body = await until('a chain tells what minting costs', async () => {
    const reply = await call(stage, stage.buyer, 'POST', path, order);
    return word(reply.body, 'recommendedBlockchain') === undefined ? null : reply.body;
  });
  const recommended = word(body, 'recommendedBlockchain') as ChainName;
  heading(
    'What two tokens would cost the platform',
    'Asked of the chains’ nodes, rent of accounts included. Buyers pay gas by the fee schedule.',
  );
  table(
    ['chain', 'cost', 'in dollars', 'congestion', ''],
    CHAIN_NAMES.filter((chain) => pick(body, `gasEstimates.${chain}`)).map((chain) => {
      const tell = (name: string) => word(body, `gasEstimates.${chain}.${name}`);
      const cost = coins(chain, tell('estimatedFee') ?? '0');
      const mark = chain === recommended ? 'recommended' : '';
      return [chain, cost, tell('feeInUSD') ?? 'unknown', tell('congestionLevel') ?? '', mark];
    }),
  );
  return recommended;
}

/** Two tickets of an event whose settings name the chain. */
async function buyOn(stage: Stage, chain: ChainName): Promise<Bought> {
  const event = await soon(stage, `The Ledger Sisters on ${chain}`);
  const path = `/api/v1/events/${event.id}/settings`;
  const set = await call(stage, stage.owner, 'PUT', path, { settings: { blockchain: chain } });
  expect(set.status === 200, `an event's settings name its chain, not ${set.text}`);
  return buy(stage, purchase({ event }, CARDS.ok), chain, null);
}

/** One ticket for somebody who has a wallet. */
async function buyForWallet(stage: Stage, chain: ChainName): Promise<Bought> {
  const event = await soon(stage, 'The Ledger Sisters, close up');
  const wallet = newWallet(chain);
  const recipient = { blockchain: chain, address: wallet };
  return buy(stage, { ...purchase({ event }, CARDS.ok, 1), recipient }, chain, wallet);
}

async function buy(
  stage: Stage,
  order: object,
  chain: ChainName,
  wallet: string | null,
): Promise<Bought> {
  const buyer = await stage.newPlayer();
  const reply = await call(stage, buyer, 'POST', '/api/v1/payments/process', order, randomUUID());
  expect(reply.status === 200, `tickets are sold, not ${reply.text}`);
  const path = `/api/v1/payments/transaction/${String(pick(reply.body, 'transaction.id'))}`;
  return { buyer, path, chain, wallet };
}

const soon = (stage: Stage, name: string) =>
  stage.newEvent({ name, startsAt: new Date(Date.now() + IN_AN_HOUR_MS).toISOString() });

function newWallet(chain: ChainName): string {
  if (chain === 'polygon') return `0x${randomBytes(20).toString('hex')}`;
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return toBase58(Buffer.from(x ?? '', 'base64url'));
}

async function showTokens(
  stage: Stage,
  chains: ChainsDescription,
  purchases: readonly Bought[],
): Promise<void> {
  const rows: string[][] = [];
  for (const { buyer, path, chain, wallet } of purchases) {
    const tokens = await tokensOf(stage, buyer, path);
    const paid = await gasOf(stage, path);
    for (const { ticketId, tokenId, transactionHash } of tokens) {
      const owner = await ownerOf(chain, chains, tokenId);
      const expected = wallet ?? chains[chain]?.custody;
      expect(owner?.toLowerCase() === expected?.toLowerCase(), `${tokenId} has its owner`);
      const whose = wallet === null ? 'the platform’s custody' : 'the buyer’s wallet';
      rows.push([
        chain,
        short(tokenId),
        short(transactionHash),
        `${short(owner ?? '')}: ${whose}`,
        coins(chain, paid.get(ticketId) ?? '0'),
      ]);
    }
  }
  heading(
    'Three purchases as tokens',
    'nftStatus in GET …/transaction/:id says which; the owner is what the chain’s own node answers.',
  );
  table(['chain', 'token', 'transaction', 'owner on the chain', 'gas of the ticket'], rows);
}

function tokensOf(stage: Stage, buyer: Player, path: string): Promise<readonly Token[]> {
  return until('paid tickets become tokens', async () => {
    const { body } = await call(stage, buyer, 'GET', path);
    const isDone = word(body, 'nftStatus.status') === 'completed';
    return isDone ? (pick(body, 'nftStatus.tickets') as readonly Token[]) : null;
  });
}

/** What each ticket of a payment cost, by its id; wei or lamports. */
async function gasOf(stage: Stage, path: string): Promise<ReadonlyMap<string, string>> {
  const list = `/admin/nft/mints?paymentId=${path.split('/').at(-1) ?? ''}`;
  const { body } = await call(stage, stage.admin, 'GET', list);
  const mints = pick(body, 'mints') as readonly { ticketId: string; gasFeePaid: string }[];
  return new Map(mints.map(({ ticketId, gasFeePaid }) => [ticketId, gasFeePaid]));
}

/** A refunded ticket's token is destroyed, which is what the settings say unless they are changed. */
async function takeBack(
  stage: Stage,
  chains: ChainsDescription,
  { buyer, path, chain }: Bought,
): Promise<void> {
  const tokens = await tokensOf(stage, buyer, path);
  const [given] = tokens;
  const wish = { ticketIds: [given?.ticketId], reason: 'One of us cannot come' };
  const reply = await call(stage, stage.owner, 'POST', `${path}/refund`, wish, randomUUID());
  expect(pick(reply.body, 'refund.status') === 'completed', 'a ticket is given back');
  await until('the token of a refunded ticket is burned', async () =>
    (await ownerOf(chain, chains, given?.tokenId ?? '')) === null ? true : null,
  );
  heading(
    'One of them given back',
    'POST …/refund {ticketIds}; by the setting tokenRevocation its token is burned, the other stays.',
  );
  const rows = tokens.map(async ({ tokenId }) => {
    const owner = await ownerOf(chain, chains, tokenId);
    return [chain, short(tokenId), owner === null ? 'nobody: burned' : short(owner)];
  });
  table(['chain', 'token', 'owner on the chain'], await Promise.all(rows));
}

function short(text: string): string {
  return text.length > 14 ? `${text.slice(0, 8)}…${text.slice(-4)}` : text;
}

const MILLION = 1_000_000n;

/** An amount in a chain's smallest unit as coins, down to a millionth of one. */
function coins(chain: ChainName, amount: string): string {
  const { symbol, unitsPerCoin } = NATIVE_COINS[chain];
  const millionths = (BigInt(amount) * MILLION) / unitsPerCoin;
  return `${millionths / MILLION}.${String(millionths % MILLION).padStart(6, '0')} ${symbol}`;
}
