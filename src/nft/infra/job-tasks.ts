import { assertNever } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import type { JobTask } from './batch-rows.js';
import type { Mint } from './mint-rows.js';
import type {
  Place,
  SignedTransaction,
  TicketChain,
  TokenIdentity,
  TokenOrder,
} from './ticket-chain.js';

/** A ticket with what its token is, or would be. */
export interface Token {
  readonly mint: Mint;
  readonly identity: TokenIdentity;
}

/** A token that is as it should be, or that never has to be. */
export interface Found extends Token {
  /** There is or was such a token. */
  readonly exists: boolean;
  /** It was made for the platform, before a wallet was named that it belongs to. */
  readonly isKept?: true;
}

/** What the chain itself says of the tickets of a job. */
export interface Sorted {
  readonly todo: readonly Token[];
  /** As they should be already. */
  readonly there: readonly Found[];
  readonly impossible: readonly (Token & { readonly reason: string })[];
}

export async function tokensOf(
  chain: TicketChain,
  mints: readonly Mint[],
): Promise<readonly Token[]> {
  return Promise.all(
    mints.map(async (mint) => ({ mint, identity: await chain.identityOf(mint.ticketId) })),
  );
}

/** Reads the chain before anything is begun: it alone knows what a process that died has done. */
export async function sortByChain(
  chain: TicketChain,
  task: JobTask,
  tokens: readonly Token[],
): Promise<Sorted> {
  if (tokens.length === 0) return { todo: [], there: [], impossible: [] };
  if (task.kind === 'mint') return sortByExistence(chain, tokens);
  const owners = await chain.ownersOf(tokens.map(({ mint }) => mint.ticketId));
  const custody = await chain.signerAddress();
  const todo: Token[] = [];
  const there: Found[] = [];
  const impossible: (Token & { reason: string })[] = [];
  for (const token of tokens) {
    const owner = owners.get(token.mint.ticketId) ?? null;
    const verdict = verdictOn(task, owner, custody);
    if (verdict === 'todo') todo.push(token);
    else if (verdict === 'there') there.push({ ...token, exists: owner !== null });
    else impossible.push({ ...token, reason: verdict.impossible });
  }
  return { todo, there, impossible };
}

async function sortByExistence(chain: TicketChain, tokens: readonly Token[]): Promise<Sorted> {
  const existing = await chain.existing(tokens.map(({ mint }) => mint.ticketId));
  const isThere = ({ mint }: Token) => existing.has(mint.ticketId);
  const there = tokens.filter(isThere);
  const kept = await inCustody(
    chain,
    there.filter(({ mint }) => mint.recipient !== null),
  );
  return {
    todo: tokens.filter((token) => !isThere(token)),
    there: there.map((token) => ({ ...token, exists: true, ...(kept.has(token) && IS_KEPT) })),
    impossible: [],
  };
}

const IS_KEPT = { isKept: true } as const;

async function inCustody(
  chain: TicketChain,
  tokens: readonly Token[],
): Promise<ReadonlySet<Token>> {
  if (tokens.length === 0) return new Set();
  const owners = await chain.ownersOf(tokens.map(({ mint }) => mint.ticketId));
  const custody = await chain.signerAddress();
  return new Set(tokens.filter(({ mint }) => owners.get(mint.ticketId) === custody));
}

type Verdict = 'todo' | 'there' | { readonly impossible: string };

function verdictOn(
  task: Exclude<JobTask, { kind: 'mint' }>,
  owner: string | null,
  custody: string,
): Verdict {
  switch (task.kind) {
    case 'revoke':
      if (owner === null || owner === 'burned') return 'there';
      return task.how === 'claw_back' && owner === custody ? 'there' : 'todo';
    case 'transfer':
      if (owner === task.to) return 'there';
      return owner === custody ? 'todo' : { impossible: 'the platform does not have the token' };
    default:
      return assertNever(task);
  }
}

/** Cuts tickets into transactions: mints by the chain's measure, the rest one by one. */
export async function cut(
  chain: TicketChain,
  task: JobTask,
  tokens: readonly Token[],
  metadataBaseUrl: string,
): Promise<readonly (readonly Uuid[])[]> {
  if (task.kind !== 'mint') return tokens.map(({ mint }) => [mint.ticketId]);
  const orders = await ordersOf(chain, tokens, metadataBaseUrl);
  return chain.cut(orders).map((part) => part.map(({ ticketId }) => ticketId));
}

/** Signs one transaction of a job; nothing is sent. */
export async function sign(
  chain: TicketChain,
  task: JobTask,
  tokens: readonly Token[],
  metadataBaseUrl: string,
  place: Place,
  raise?: SignedTransaction,
): Promise<SignedTransaction> {
  if (task.kind === 'mint') {
    return chain.signMint(await ordersOf(chain, tokens, metadataBaseUrl), place, raise);
  }
  const [token] = tokens;
  if (!token) throw new Error('there is no token to sign for');
  const { ticketId } = token.mint;
  return task.kind === 'revoke'
    ? chain.signRevoke(ticketId, task.how, place, raise)
    : chain.signTransfer(ticketId, task.to, place, raise);
}

async function ordersOf(
  chain: TicketChain,
  tokens: readonly Token[],
  metadataBaseUrl: string,
): Promise<readonly TokenOrder[]> {
  const custody = await chain.signerAddress();
  return tokens.map(({ mint, identity }) => ({
    ticketId: mint.ticketId,
    owner: mint.recipient ?? custody,
    name: mint.name,
    uri: `${metadataBaseUrl}/nft/metadata/${identity.tokenId}`,
  }));
}
