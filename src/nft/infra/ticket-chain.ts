import type { ChainName } from '../../kernel/chain/chain-names.js';
import type { Refusal } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';

export type { ChainName };

/** One ticket to be minted. */
export interface TokenOrder {
  readonly ticketId: Uuid;
  /** Who gets it: an address as `parseAddress` answers it. */
  readonly owner: string;
  /** What wallets show, without anything personal; at most 32 bytes. */
  readonly name: string;
  /** Where its metadata are read; at most 200 bytes. */
  readonly uri: string;
}

/** What a token is on its chain: a function of the ticket alone, and of contract or base account. */
export interface TokenIdentity {
  readonly chain: ChainName;
  /** Polygon: decimal digits. Solana: the mint account's address. */
  readonly tokenId: string;
  /** Polygon: the contract's address. Solana: the base account's. */
  readonly base: string;
}

/** How long signed bytes can be included. */
export type Validity =
  | {
      readonly nonce: number;
      /** wei, decimal digits */
      readonly maxFeePerGas: string;
    }
  | { readonly blockhash: string; readonly lastValidBlockHeight: number };

/** Bytes that were signed once and are sent again unchanged. */
export interface SignedTransaction {
  /** Hash (Polygon) or signature (Solana), known before sending. */
  readonly id: string;
  readonly bytes: Buffer;
  readonly ticketIds: readonly Uuid[];
  readonly validity: Validity;
}

/**
 * What the chain says of a transaction. `gas` is all that the signer paid for it, in wei or lamports:
 * the fee, and on Solana the rent of the accounts that it made.
 */
export type TransactionState =
  | { readonly kind: 'pending' }
  /** In a block that is not final yet; pending again, should that block be lost. */
  | { readonly kind: 'included' }
  /** In a final block, and did what it should. */
  | { readonly kind: 'done'; readonly gas: bigint; readonly block: number }
  /** In a final block, and reverted. */
  | { readonly kind: 'failed'; readonly reason: string; readonly gas: bigint }
  /**
   * Can never be included any more. Solana: the final block height is past its last valid one and
   * history does not know it. Polygon: another transaction of ours used its nonce.
   */
  | { readonly kind: 'expired' };

/** Where a transaction stands among the signer's: the nonce that the allocator gave; Solana has none. */
export interface Place {
  readonly nonce: number | null;
}

/** What becomes of a token whose sale was undone: destroyed, or back in the platform's custody. */
export type RevocationKind = 'burn' | 'claw_back';

/**
 * A wallet's word that a ticket is to be its own, valid until `expiresAt`.
 *
 * Polygon: EIP-712, domain `{name: 'TicketToken', version: '1', chainId, verifyingContract}`, type
 * `Claim(string ticketId,address wallet,uint256 expiresAt)`, 65 bytes in hex with `0x`.
 * Solana: ed25519 over the UTF-8 bytes of `claimText`, 64 bytes in base58.
 */
export interface WalletClaim {
  readonly ticketId: Uuid;
  /** As `parseAddress` answers it. */
  readonly wallet: string;
  /** Unix time in seconds. */
  readonly expiresAt: number;
  readonly signature: string;
}

/** What a Solana wallet signs for a claim; `network` is the chain's. */
export function claimText(claim: Omit<WalletClaim, 'signature'>, network: string): string {
  return [
    'TicketToken claim',
    `ticket: ${claim.ticketId.toLowerCase()}`,
    `wallet: ${claim.wallet}`,
    `network: ${network}`,
    `expires: ${claim.expiresAt}`,
  ].join('\n');
}

/**
 * A chain that tickets live on. Every method throws `ChainUnavailable` when the node cannot be asked;
 * that says nothing about the transaction. What was signed and not stored is never sent. Minting a
 * ticket that was minted, also one burned since, changes nothing on the chain.
 */
export abstract class TicketChain {
  abstract readonly name: ChainName;

  /** `polygon`, `polygon-amoy`, `anvil`, `solana-mainnet`, … */
  abstract readonly network: string;

  /** Most tickets a job: 100 on Polygon, 50 on Solana. */
  abstract readonly most: number;

  /** The address that signs, pays and keeps what nobody claimed. */
  abstract signerAddress(): Promise<string>;

  abstract identityOf(ticketId: Uuid): Promise<TokenIdentity>;

  /** A page of an explorer about the transaction; null on a network that has none. */
  abstract linkTo(transactionId: string): string | null;

  /** The canonical form of an address (checksum, on the curve), else `VALIDATION_ERROR`. */
  abstract parseAddress(text: string): string | Refusal;

  /** Cuts orders into transactions, by count and measured size, in the order given. */
  abstract cut(orders: readonly TokenOrder[]): readonly (readonly TokenOrder[])[];

  /**
   * Signs one transaction; nothing is sent. `raise` is an earlier try whose fee must be beaten: on
   * Polygon one with the same nonce, on Solana one that has expired. Throws where the chain shows that
   * it has not: `ChainUnavailable`, unless that one is done.
   */
  abstract signMint(
    orders: readonly TokenOrder[],
    place: Place,
    raise?: SignedTransaction,
  ): Promise<SignedTransaction>;

  abstract signRevoke(
    ticketId: Uuid,
    how: RevocationKind,
    place: Place,
    raise?: SignedTransaction,
  ): Promise<SignedTransaction>;

  /** From the platform's custody to a wallet that claimed it. */
  abstract signTransfer(
    ticketId: Uuid,
    to: string,
    place: Place,
    raise?: SignedTransaction,
  ): Promise<SignedTransaction>;

  /** Sends the same bytes; sending what is known already is a success. */
  abstract send(transaction: SignedTransaction): Promise<void>;

  /** What the chain says of each, by its id. */
  abstract statesOf(
    transactions: readonly SignedTransaction[],
  ): Promise<ReadonlyMap<string, TransactionState>>;

  async stateOf(transaction: SignedTransaction): Promise<TransactionState> {
    const states = await this.statesOf([transaction]);
    return states.get(transaction.id) ?? { kind: 'pending' };
  }

  /** Who owns each token in final state; null: there is no such token; `burned`: there was. */
  abstract ownersOf(ticketIds: readonly Uuid[]): Promise<ReadonlyMap<Uuid, string | null>>;

  /** Those of which there is a token in final state, or was one that is burned. */
  async existing(ticketIds: readonly Uuid[]): Promise<ReadonlySet<Uuid>> {
    const owners = await this.ownersOf(ticketIds);
    return new Set(ticketIds.filter((ticketId) => (owners.get(ticketId) ?? null) !== null));
  }

  /** The signer's next nonce by the chain's own pending count, to start the allocator; null where there is none. */
  abstract nextNonce(): Promise<number | null>;

  /** Did the wallet sign this claim? Says nothing about `expiresAt`, which the caller compares. */
  abstract verifyClaim(claim: WalletClaim): boolean | Promise<boolean>;

  /** What the signer has left for costs, in wei or lamports. */
  abstract balance(): Promise<bigint>;
}
