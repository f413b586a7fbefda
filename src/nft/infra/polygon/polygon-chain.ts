import {
  type EvmFee,
  ethers,
  parseEvmAddress,
  type PolygonNode,
  raisedFee,
} from '../../../kernel/chain/polygon/index.js';
import { type Signer, SignerUnavailable } from '../../../kernel/chain/signer/index.js';
import { type Refusal, refuse } from '../../../kernel/errors.js';
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
import { isSignedByWallet } from './claim.js';
import { cutOrders } from './cut-orders.js';
import { burnLimit, clawBackLimit, mintLimit, transferLimit } from './gas-limits.js';
import { hexOf, readCall, signCall } from './signing.js';
import { encodeMint, ownUris, TicketContract, ticketNft } from './ticket-contract.js';
import { polygonTokenId } from './token-id.js';
import { transactionStates } from './transaction-state.js';

const MOST = 100;

/** Tokens whose holders are asked for at once. */
const ASKED_AT_ONCE = 500;

export interface PolygonChainOptions {
  readonly node: PolygonNode;
  /** Address of the TicketNFT contract. */
  readonly contract: string;
  /** Undefined: this process can only read. */
  readonly signer: Signer | undefined;
}

/** What a transaction does, without its place and its fee. */
interface Deed {
  readonly ticketIds: readonly Uuid[];
  readonly data: string;
  readonly gasLimit: bigint;
}

/**
 * Tickets as tokens of the TicketNFT contract. Whatever is signed can be included: gas limits are
 * computed, not asked for, and a contract that refuses uses the nonce up, so that none is ever left
 * open in front of the others.
 */
export class PolygonChain extends TicketChain {
  readonly name = 'polygon';
  readonly network: string;
  readonly most = MOST;
  private readonly contract: TicketContract;
  private readonly node: PolygonNode;
  private readonly signer: Signer | undefined;
  private base: string | undefined;

  constructor({ node, contract, signer }: PolygonChainOptions) {
    super();
    this.node = node;
    this.network = node.network.name;
    this.contract = new TicketContract(node, contract);
    this.signer = signer;
  }

  async signerAddress(): Promise<string> {
    return this.key().address();
  }

  identityOf(ticketId: Uuid): Promise<TokenIdentity> {
    const tokenId = polygonTokenId(ticketId).toString();
    this.base ??= ethers().getAddress(this.contract.address);
    return Promise.resolve({ chain: this.name, tokenId, base: this.base });
  }

  linkTo(transactionId: string): string | null {
    const { explorer } = this.node.network;
    return explorer === null ? null : `${explorer}/tx/${transactionId}`;
  }

  parseAddress(text: string): string | Refusal {
    return (
      parseEvmAddress(text) ?? refuse('VALIDATION_ERROR', 'This is no address of a Polygon wallet')
    );
  }

  cut(orders: readonly TokenOrder[]): readonly (readonly TokenOrder[])[] {
    return cutOrders(orders, MOST);
  }

  async signMint(
    orders: readonly TokenOrder[],
    place: Place,
    raise?: SignedTransaction,
  ): Promise<SignedTransaction> {
    const uris = ownUris(orders, await this.contract.baseUri());
    const deed = {
      ticketIds: orders.map(({ ticketId }) => ticketId),
      data: encodeMint(orders, uris),
      gasLimit: mintLimit(orders.length, uris),
    };
    return this.sign(deed, place, raise);
  }

  async signRevoke(
    ticketId: Uuid,
    how: RevocationKind,
    place: Place,
    raise?: SignedTransaction,
  ): Promise<SignedTransaction> {
    const tokenId = polygonTokenId(ticketId);
    const call =
      how === 'burn'
        ? { data: ticketNft().encodeFunctionData('burn', [tokenId]), gasLimit: burnLimit }
        : {
            data: ticketNft().encodeFunctionData('clawBack', [tokenId, await this.signerAddress()]),
            gasLimit: clawBackLimit,
          };
    return this.sign({ ticketIds: [ticketId], ...call }, place, raise);
  }

  async signTransfer(
    ticketId: Uuid,
    to: string,
    place: Place,
    raise?: SignedTransaction,
  ): Promise<SignedTransaction> {
    const args = [await this.signerAddress(), to, polygonTokenId(ticketId)];
    const data = ticketNft().encodeFunctionData('transferFrom', args);
    return this.sign({ ticketIds: [ticketId], data, gasLimit: transferLimit }, place, raise);
  }

  async send({ bytes }: SignedTransaction): Promise<void> {
    await this.node.send(hexOf(bytes));
  }

  statesOf(
    transactions: readonly SignedTransaction[],
  ): Promise<ReadonlyMap<string, TransactionState>> {
    return transactionStates(transactions, this.node, this.contract);
  }

  async ownersOf(ticketIds: readonly Uuid[]): Promise<ReadonlyMap<Uuid, string | null>> {
    const owners = new Map<Uuid, string | null>();
    for (let start = 0; start < ticketIds.length; start += ASKED_AT_ONCE) {
      const asked = ticketIds.slice(start, start + ASKED_AT_ONCE);
      const holders = await this.contract.holdersOf(asked.map(polygonTokenId));
      for (const [index, ticketId] of asked.entries()) owners.set(ticketId, holders[index] ?? null);
    }
    return owners;
  }

  async nextNonce(): Promise<number> {
    return this.node.nonceOf(await this.signerAddress(), 'pending');
  }

  verifyClaim(claim: WalletClaim): boolean {
    return isSignedByWallet(claim, this.node.network.chainId, this.contract.address);
  }

  async balance(): Promise<bigint> {
    return this.node.balanceOf(await this.signerAddress());
  }

  private async sign(
    { ticketIds, data, gasLimit }: Deed,
    { nonce }: Place,
    raise: SignedTransaction | undefined,
  ): Promise<SignedTransaction> {
    if (nonce === null) throw new Error('a transaction on Polygon has a nonce');
    const fee = await this.fee(nonce, raise);
    const { chainId } = this.node.network;
    const call = { chainId, nonce, to: this.contract.address, data, gasLimit, fee };
    const { hash, bytes } = await signCall(call, this.key());
    const validity = { nonce, maxFeePerGas: fee.maxFeePerGas.toString() };
    return { id: hash, bytes, ticketIds, validity };
  }

  private async fee(nonce: number, raise: SignedTransaction | undefined): Promise<EvmFee> {
    const suggested = await this.node.suggestedFee();
    if (raise === undefined) return suggested;
    const before = readCall(raise);
    if (before.nonce !== nonce) throw new Error('only the same nonce replaces a transaction');
    return raisedFee(before.fee, suggested);
  }

  private key(): Signer {
    if (this.signer) return this.signer;
    throw new SignerUnavailable('this process has no key for Polygon');
  }
}
