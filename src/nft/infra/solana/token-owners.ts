import type { AccountInfo, PublicKey } from '@solana/web3.js';
import { ChainUnavailable } from '../../../kernel/chain/chain-unavailable.js';
import type { SolanaNode } from '../../../kernel/chain/solana/index.js';
import type { Uuid } from '../../../kernel/ids.js';
import { inTurns } from '../in-turns.js';
import type { SolanaLibraries } from './libraries.js';
import { mintAddressOf, tokenAccountOf } from './mint-address.js';

interface Token {
  readonly ticketId: Uuid;
  readonly mint: string;
}

/** A token's mint account, which nobody can close: it stays when the token is burned. */
interface MintedToken extends Token {
  readonly account: AccountInfo<Buffer>;
}

/** Questions to the node at once. */
const AT_ONCE = 10;

/** Tickets that were minted in the final state, also those whose token is destroyed. */
export async function readExisting(
  libraries: SolanaLibraries,
  node: SolanaNode,
  base: string,
  ticketIds: readonly Uuid[],
): Promise<ReadonlySet<Uuid>> {
  const minted = await mintedTokens(libraries, node, base, ticketIds);
  return new Set(minted.map(({ ticketId }) => ticketId));
}

/**
 * Who owns each ticket's token in the final state; null: none was minted, `burned`: it was destroyed.
 * Tokens in custody, which most are, are found a hundred at a time; for others each holder is asked
 * for, a few at once.
 */
export async function readOwners(
  libraries: SolanaLibraries,
  node: SolanaNode,
  base: string,
  ticketIds: readonly Uuid[],
): Promise<Map<Uuid, string | null>> {
  const owners = new Map<Uuid, string | null>(ticketIds.map((ticketId) => [ticketId, null]));
  const minted = await mintedTokens(libraries, node, base, [...owners.keys()]);
  const living = minted.filter((token) => {
    const isBurned = supplyOf(libraries, token) === 0n;
    if (isBurned) owners.set(token.ticketId, 'burned');
    return !isBurned;
  });
  const elsewhere = await notInCustody(libraries, node, base, living, owners);
  await inTurns(elsewhere, AT_ONCE, async ({ ticketId, mint }) => {
    owners.set(ticketId, await holderOf(libraries, node, mint));
  });
  return owners;
}

async function mintedTokens(
  { token }: SolanaLibraries,
  node: SolanaNode,
  base: string,
  ticketIds: readonly Uuid[],
): Promise<readonly MintedToken[]> {
  const mints = ticketIds.map((ticketId) => mintAddressOf(ticketId, base));
  const accounts = await node.accounts(mints, 'finalized');
  return ticketIds.flatMap((ticketId, at) => {
    const [mint, account] = [mints[at], accounts[at]];
    // An address that somebody only sent lamports to belongs to the system program.
    const isMinted = account?.owner.equals(token.TOKEN_2022_PROGRAM_ID);
    return mint !== undefined && account && isMinted ? [{ ticketId, mint, account }] : [];
  });
}

function supplyOf({ web3, token }: SolanaLibraries, { mint, account }: MintedToken): bigint {
  const program = token.TOKEN_2022_PROGRAM_ID;
  return token.unpackMint(new web3.PublicKey(mint), account, program).supply;
}

async function notInCustody(
  libraries: SolanaLibraries,
  node: SolanaNode,
  base: string,
  tokens: readonly Token[],
  owners: Map<Uuid, string | null>,
): Promise<readonly Token[]> {
  const addresses = tokens.map(({ mint }) => tokenAccountOf(mint, base));
  const accounts = await node.accounts(addresses, 'finalized');
  return tokens.filter(({ ticketId }, at) => {
    const [address, account] = [addresses[at], accounts[at]];
    const owner =
      address !== undefined && account
        ? ownerIn(libraries, new libraries.web3.PublicKey(address), account)
        : undefined;
    if (owner !== undefined) owners.set(ticketId, owner);
    return owner === undefined;
  });
}

async function holderOf(
  libraries: SolanaLibraries,
  node: SolanaNode,
  mint: string,
): Promise<string> {
  const holder = await node.holderOf(mint, 'finalized');
  const [account] = holder === undefined ? [] : await node.accounts([holder], 'finalized');
  const owner =
    holder !== undefined && account
      ? ownerIn(libraries, new libraries.web3.PublicKey(holder), account)
      : undefined;
  // It changed hands between the two questions, or the node contradicts itself.
  if (owner === undefined) throw new ChainUnavailable('solana', `nobody holds ${mint} now`);
  return owner;
}

/** Who owns a token account that holds its token; undefined when it holds none. */
function ownerIn(
  { token }: SolanaLibraries,
  address: PublicKey,
  account: AccountInfo<Buffer>,
): string | undefined {
  const { amount, owner } = token.unpackAccount(address, account, token.TOKEN_2022_PROGRAM_ID);
  return amount > 0n ? owner.toBase58() : undefined;
}
