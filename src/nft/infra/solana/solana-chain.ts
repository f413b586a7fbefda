import { ChainUnavailable } from '../../../kernel/chain/chain-unavailable.js';
import { type Signer, SignerUnavailable } from '../../../kernel/chain/signer/index.js';
import {
  parseSolanaAddress,
  type SolanaCluster,
  type SolanaNode,
} from '../../../kernel/chain/solana/index.js';
import { refuse, type Refusal } from '../../../kernel/errors.js';
import type { Uuid } from '../../../kernel/ids.js';
import {
  type Place,
  type RevocationKind,
  type SignedTransaction,
  TicketChain,
  type TokenIdentity,
  type TokenOrder,
  type TransactionState,
  type WalletClaim,
} from '../ticket-chain.js';
import { type SolanaLibraries, solanaLibraries } from './libraries.js';
import { mintAddressOf, tokenAccountOf } from './mint-address.js';
import { planMint } from './mint-instructions.js';
import { burnInstructions, moveInstructions, type StandingToken } from './move-instructions.js';
import { signTransaction } from './sign-transaction.js';
import { readExisting, readOwners } from './token-owners.js';
import { readStates } from './transaction-state.js';
import { cutBySize } from './transaction-size.js';
import { isSignedByWallet } from './wallet-claim.js';

/** Measured: 28,700 for a mint; finding an address takes 1,500 more for each try. */
const MINT_UNITS = 80_000;
const MOVE_UNITS = 60_000;
const MOST = 50;

const EXPLORER = 'https://explorer.solana.com/tx';
/** Cluster names in our network names and in the explorer's addresses. */
const NETWORKS: Readonly<Record<SolanaCluster, { name: string; query: string | null }>> = {
  'mainnet-beta': { name: 'solana-mainnet', query: '' },
  devnet: { name: 'solana-devnet', query: '?cluster=devnet' },
  testnet: { name: 'solana-testnet', query: '?cluster=testnet' },
  localnet: { name: 'solana-localnet', query: null },
};

export interface SolanaChainOptions {
  readonly node: SolanaNode;
  /** Undefined: this process can check addresses and claims, and nothing else. */
  readonly signer: Signer | undefined;
}

/**
 * Tickets as tokens of Token-2022. The signer is the base account of all addresses, pays, has
 * custody of what nobody claimed and may burn or claw back: a mint that was made with one signer is
 * found, and revoked, with that signer alone.
 */
export class SolanaChain extends TicketChain {
  readonly name = 'solana';
  readonly network: string;
  readonly most = MOST;
  private base: string | undefined;

  constructor(private readonly options: SolanaChainOptions) {
    super();
    this.network = NETWORKS[options.node.cluster].name;
  }

  async signerAddress(): Promise<string> {
    this.base = await this.key().address();
    return this.base;
  }

  async identityOf(ticketId: Uuid): Promise<TokenIdentity> {
    const base = await this.signerAddress();
    return { chain: this.name, tokenId: mintAddressOf(ticketId, base), base };
  }

  linkTo(transactionId: string): string | null {
    const { query } = NETWORKS[this.node.cluster];
    return query === null ? null : `${EXPLORER}/${transactionId}${query}`;
  }

  parseAddress(text: string): string | Refusal {
    const message = 'must be the address of a Solana wallet';
    return (
      parseSolanaAddress(text) ??
      refuse('VALIDATION_ERROR', message, { errors: [{ field: 'recipient', message }] })
    );
  }

  cut(orders: readonly TokenOrder[]): readonly (readonly TokenOrder[])[] {
    return cutBySize(orders, this.base);
  }

  async signMint(
    orders: readonly TokenOrder[],
    _: Place,
    raise?: SignedTransaction,
  ): Promise<SignedTransaction> {
    await this.requireGone(raise);
    const libraries = await solanaLibraries();
    const base = new libraries.web3.PublicKey(await this.signerAddress());
    const plans = await Promise.all(
      orders.map(async (order) => {
        const plan = planMint(libraries, order, base);
        return { plan, rent: await this.node.rentFor(plan.bytes) };
      }),
    );
    const accountRent = await this.tokenAccountRent(libraries);
    return signTransaction(libraries, this.node, this.key(), {
      ticketIds: orders.map(({ ticketId }) => ticketId),
      instructions: plans.flatMap(({ plan, rent }) => plan.instructions(rent)),
      computeUnits: MINT_UNITS * orders.length,
      deposits: plans.reduce((total, { rent }) => total + rent + accountRent, 0n),
      isRaised: raise !== undefined,
    });
  }

  async signRevoke(
    ticketId: Uuid,
    how: RevocationKind,
    _: Place,
    raise?: SignedTransaction,
  ): Promise<SignedTransaction> {
    await this.requireGone(raise);
    const libraries = await solanaLibraries();
    const base = await this.signerAddress();
    const mint = mintAddressOf(ticketId, base);
    const account = await this.node.holderOf(mint, 'confirmed');
    if (account === undefined) throw new Error(`ticket ${ticketId} has no token on Solana`);
    const { PublicKey } = libraries.web3;
    const standing = {
      mint: new PublicKey(mint),
      account: new PublicKey(account),
      base: new PublicKey(base),
    };
    return how === 'burn'
      ? this.signMove(libraries, ticketId, burnInstructions(libraries, standing), raise)
      : this.signMoveTo(libraries, ticketId, standing, base, raise);
  }

  async signTransfer(
    ticketId: Uuid,
    to: string,
    _: Place,
    raise?: SignedTransaction,
  ): Promise<SignedTransaction> {
    await this.requireGone(raise);
    const libraries = await solanaLibraries();
    const base = new libraries.web3.PublicKey(await this.signerAddress());
    const mint = new libraries.web3.PublicKey(mintAddressOf(ticketId, base.toBase58()));
    const account = new libraries.web3.PublicKey(tokenAccountOf(mint.toBase58(), base.toBase58()));
    return this.signMoveTo(libraries, ticketId, { mint, account, base }, to, raise);
  }

  async send(transaction: SignedTransaction): Promise<void> {
    await this.node.send(transaction.bytes);
  }

  statesOf(
    transactions: readonly SignedTransaction[],
  ): Promise<ReadonlyMap<string, TransactionState>> {
    return readStates(this.node, transactions);
  }

  async ownersOf(ticketIds: readonly Uuid[]): Promise<ReadonlyMap<Uuid, string | null>> {
    const base = await this.signerAddress();
    return readOwners(await solanaLibraries(), this.node, base, ticketIds);
  }

  override async existing(ticketIds: readonly Uuid[]): Promise<ReadonlySet<Uuid>> {
    const base = await this.signerAddress();
    return readExisting(await solanaLibraries(), this.node, base, ticketIds);
  }

  nextNonce(): Promise<null> {
    return Promise.resolve(null);
  }

  verifyClaim(claim: WalletClaim): boolean {
    return isSignedByWallet(claim, this.network);
  }

  async balance(): Promise<bigint> {
    return this.node.balanceOf(await this.signerAddress());
  }

  private get node(): SolanaNode {
    return this.options.node;
  }

  private key(): Signer {
    const { signer } = this.options;
    if (signer) return signer;
    throw new SignerUnavailable('this process has no signer for Solana');
  }

  private signMoveTo(
    libraries: SolanaLibraries,
    ticketId: Uuid,
    standing: StandingToken,
    to: string,
    raise: SignedTransaction | undefined,
  ): Promise<SignedTransaction> {
    const instructions = moveInstructions(libraries, standing, new libraries.web3.PublicKey(to));
    return this.signMove(libraries, ticketId, instructions, raise);
  }

  private async signMove(
    libraries: SolanaLibraries,
    ticketId: Uuid,
    instructions: ReturnType<typeof burnInstructions>,
    raise: SignedTransaction | undefined,
  ): Promise<SignedTransaction> {
    return signTransaction(libraries, this.node, this.key(), {
      ticketIds: [ticketId],
      instructions,
      computeUnits: MOVE_UNITS,
      deposits: await this.tokenAccountRent(libraries),
      isRaised: raise !== undefined,
    });
  }

  private tokenAccountRent({ token }: SolanaLibraries): Promise<bigint> {
    return this.node.rentFor(token.getAccountLen([token.ExtensionType.ImmutableOwner]));
  }

  /**
   * Two live transactions for one ticket: the chain would take one, but both could cost. A node that
   * lags behind the one that called it expired is asked again later; one that is done is not signed
   * for again, and whoever begins anew finds its token.
   */
  private async requireGone(earlier: SignedTransaction | undefined): Promise<void> {
    if (earlier === undefined) return;
    const { kind } = await this.stateOf(earlier);
    if (kind === 'expired' || kind === 'failed') return;
    const problem = `${earlier.id} is ${kind}: nothing may be signed in its place`;
    throw kind === 'done' ? new Error(problem) : new ChainUnavailable('solana', problem);
  }
}
