import type { AccountInfo, PublicKey } from '@solana/web3.js';
import { ChainUnavailable } from '../../../kernel/chain/chain-unavailable.js';
import type { SolanaNode } from '../../../kernel/chain/solana/index.js';
import type { Uuid } from '../../../kernel/ids.js';
import type { SolanaLibraries } from './libraries.js';
import { mintAddressOf, tokenAccountOf } from './mint-address.js';

interface LivingToken {
  readonly ticketId: Uuid;
  readonly mint: string;
}

/**
 * Who owns each ticket's token in the final state; null: none was minted, `burned`: it was destroyed.
 * Tokens in custody, which most are, are found a hundred at a time, others one by one.
 */
export async function readOwners(
  libraries: SolanaLibraries,
  node: SolanaNode,
  base: string,
  ticketIds: readonly Uuid[],
): Promise<Map<Uuid, string | null>> {
  const owners = new Map<Uuid, string | null>(ticketIds.map((ticketId) => [ticketId, null]));
  const tokens = [...owners.keys()].map((ticketId) => ({
    ticketId,
    mint: mintAddressOf(ticketId, base),
  }));
  const living = await livingTokens(libraries, node, tokens, owners);
  const elsewhere = await notInCustody(libraries, node, base, living, owners);
  for (const { ticketId, mint } of elsewhere) {
    owners.set(ticketId, await holderOf(libraries, node, mint));
  }
  return owners;
}

async function livingTokens(
  { web3, token }: SolanaLibraries,
  node: SolanaNode,
  tokens: readonly LivingToken[],
  owners: Map<Uuid, string | null>,
): Promise<LivingToken[]> {
  const accounts = await node.accounts(
    tokens.map(({ mint }) => mint),
    'finalized',
  );
  return tokens.filter(({ ticketId, mint }, at) => {
    const account = accounts[at];
    // An address that somebody only sent lamports to belongs to the system program.
    if (!account?.owner.equals(token.TOKEN_2022_PROGRAM_ID)) return false;
    const { supply } = token.unpackMint(
      new web3.PublicKey(mint),
      account,
      token.TOKEN_2022_PROGRAM_ID,
    );
    if (supply === 0n) owners.set(ticketId, 'burned');
    return supply > 0n;
  });
}

async function notInCustody(
  libraries: SolanaLibraries,
  node: SolanaNode,
  base: string,
  tokens: readonly LivingToken[],
  owners: Map<Uuid, string | null>,
): Promise<LivingToken[]> {
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
