import { createHash, randomBytes } from 'node:crypto';
import { ChainUnavailable } from '../../src/kernel/chain/chain-unavailable.js';
import { type Refusal, refuse } from '../../src/kernel/errors.js';
import type { Uuid } from '../../src/kernel/ids.js';
import {
  type ChainName,
  type Place,
  type RevocationKind,
  type SignedTransaction,
  TicketChain,
  type TokenIdentity,
  type TokenOrder,
  type TransactionState,
  type WalletClaim,
} from '../../src/nft/infra/ticket-chain.js';

/** What a transaction does to tokens: a new owner, `burned`, or null: it reverts. */
interface Deed {
  readonly kind: 'mint' | 'revoke' | 'transfer';
  readonly owners: Readonly<Record<Uuid, string>>;
  readonly nonce: number | null;
  readonly fee: number;
  /** The chain's height after which it is too late. */
  readonly lastHeight: number;
  readonly salt: string;
}

export const CUSTODY = 'custody';
export const WALLET = 'walletOfABuyer00000000000000000000000';
const LIFETIME = 150;
/** Costs of one transaction, in wei or lamports. */
export const FAKE_GAS = 3_000_000_000_000n;

/**
 * A chain in memory, which outlives the applications that use it: with nonces like Polygon, or with
 * transactions that expire like Solana. What is sent is included at once unless a test says otherwise.
 */
export class FakeChain extends TicketChain {
  readonly network = 'fake';
  readonly most: number;
  readonly owners = new Map<Uuid, string>();
  /** Every transaction that was included, in order. */
  readonly included: string[] = [];
  /** Every transaction that was signed: what is signed and not sent is in no other list. */
  readonly signed: string[] = [];
  readonly sent: string[] = [];
  height = 1;
  away = false;
  /** Sent transactions wait until `mine`. */
  holding = false;
  /** What is sent vanishes. */
  dropping = false;
  /** Of transactions in blocks nothing is known. */
  overlooking = false;
  /** So many of the next included transactions revert. */
  reverts = 0;
  /** So many of the next signatures are refused. */
  refusals = 0;
  coins = 10n ** 24n;
  /** Whose key it has. */
  signer = CUSTODY;
  /** What the ids of its tokens follow from. */
  base = 'base';
  perTransaction: number;
  private readonly outcomes = new Map<string, TransactionState>();
  private readonly waiting = new Map<string, Deed>();
  private nonce = 0;

  constructor(readonly name: ChainName) {
    super();
    this.most = name === 'polygon' ? 100 : 50;
    this.perTransaction = name === 'polygon' ? 100 : 2;
  }

  /** Includes whatever waits and may be included. */
  mine(): void {
    for (let found = this.next(); found; found = this.next()) this.include(...found);
    this.height += 1;
  }

  /** Lets so much time pass that nothing signed before can be included any more. */
  expire(): void {
    this.height += LIFETIME + 1;
    if (this.name === 'solana') this.waiting.clear();
  }

  signerAddress(): Promise<string> {
    return Promise.resolve(this.signer);
  }

  identityOf(ticketId: Uuid): Promise<TokenIdentity> {
    const tokenId = BigInt(`0x${ticketId.replaceAll('-', '')}`).toString();
    return Promise.resolve({ chain: this.name, tokenId, base: this.base });
  }

  linkTo(transactionId: string): string {
    return `https://explorer.example.com/tx/${transactionId}`;
  }

  parseAddress(text: string): string | Refusal {
    return text.startsWith('wallet')
      ? text
      : refuse('VALIDATION_ERROR', 'must be the address of a wallet');
  }

  cut(orders: readonly TokenOrder[]): readonly (readonly TokenOrder[])[] {
    const parts: TokenOrder[][] = [];
    for (let from = 0; from < orders.length; from += this.perTransaction) {
      parts.push(orders.slice(from, from + this.perTransaction));
    }
    return parts;
  }

  signMint(orders: readonly TokenOrder[], place: Place, raise?: SignedTransaction) {
    const owners = Object.fromEntries(orders.map(({ ticketId, owner }) => [ticketId, owner]));
    return this.sign('mint', owners, place, raise);
  }

  signRevoke(ticketId: Uuid, how: RevocationKind, place: Place, raise?: SignedTransaction) {
    const owners = { [ticketId]: how === 'burn' ? 'burned' : CUSTODY };
    return this.sign('revoke', owners, place, raise);
  }

  signTransfer(ticketId: Uuid, to: string, place: Place, raise?: SignedTransaction) {
    return this.sign('transfer', { [ticketId]: to }, place, raise);
  }

  send({ id, bytes }: SignedTransaction): Promise<void> {
    return this.asked(() => {
      this.sent.push(id);
      if (this.dropping || this.outcomes.has(id)) return;
      this.waiting.set(id, JSON.parse(bytes.toString()) as Deed);
      if (!this.holding) this.mine();
    });
  }

  statesOf(
    transactions: readonly SignedTransaction[],
  ): Promise<ReadonlyMap<string, TransactionState>> {
    return this.asked(() => new Map(transactions.map((each) => [each.id, this.known(each)])));
  }

  ownersOf(ticketIds: readonly Uuid[]): Promise<ReadonlyMap<Uuid, string | null>> {
    return this.asked(() => new Map(ticketIds.map((id) => [id, this.owners.get(id) ?? null])));
  }

  nextNonce(): Promise<number | null> {
    return this.asked(() => {
      if (this.name === 'solana') return null;
      const known = new Set([...this.waiting.values()].map(({ nonce }) => nonce));
      let next = this.nonce;
      while (known.has(next)) next += 1;
      return next;
    });
  }

  verifyClaim({ wallet, signature }: WalletClaim): boolean {
    return signature === fakeSignature(wallet);
  }

  balance(): Promise<bigint> {
    return this.asked(() => this.coins);
  }

  private sign(
    kind: Deed['kind'],
    owners: Deed['owners'],
    { nonce }: Place,
    raise: SignedTransaction | undefined,
  ): Promise<SignedTransaction> {
    return this.asked(() => {
      if (this.refusals > 0) {
        this.refusals -= 1;
        throw new Error('it cannot be signed');
      }
      const fee = raise ? (JSON.parse(raise.bytes.toString()) as Deed).fee + 1 : 1;
      const lastHeight = this.height + LIFETIME;
      const salt = randomBytes(8).toString('hex');
      const deed: Deed = { kind, owners, nonce, fee, lastHeight, salt };
      const bytes = Buffer.from(JSON.stringify(deed));
      const id = createHash('sha256').update(bytes).digest('hex');
      this.signed.push(id);
      const validity =
        nonce === null
          ? { blockhash: salt, lastValidBlockHeight: lastHeight }
          : { nonce, maxFeePerGas: String(fee) };
      return { id, bytes, ticketIds: Object.keys(owners), validity };
    });
  }

  private known({ id, bytes }: SignedTransaction): TransactionState {
    const outcome = this.overlooking ? undefined : this.outcomes.get(id);
    if (outcome) return outcome;
    const { nonce, lastHeight } = JSON.parse(bytes.toString()) as Deed;
    const isLate = nonce === null ? this.height > lastHeight : nonce < this.nonce;
    return { kind: isLate ? 'expired' : 'pending' };
  }

  /** What answers at once, or throws, as a node that is asked. */
  private async asked<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    if (this.away) throw new ChainUnavailable(this.name, 'it is away');
    return answer();
  }

  /** The next transaction in line: of one place, the one that pays most. */
  private next(): [string, Deed] | undefined {
    const ready = [...this.waiting].filter(([, { nonce, lastHeight }]) =>
      nonce === null ? this.height <= lastHeight : nonce === this.nonce,
    );
    return ready.sort(([, a], [, b]) => b.fee - a.fee)[0];
  }

  private include(id: string, { kind, owners, nonce }: Deed): void {
    this.included.push(id);
    this.waiting.delete(id);
    if (nonce !== null) {
      this.nonce = nonce + 1;
      for (const [other, deed] of this.waiting)
        if (deed.nonce === nonce) this.waiting.delete(other);
    }
    if (this.reverts > 0) {
      this.reverts -= 1;
      this.outcomes.set(id, { kind: 'failed', reason: 'it reverted', gas: FAKE_GAS });
      return;
    }
    for (const [ticketId, owner] of Object.entries(owners)) {
      if (kind === 'mint' && this.owners.has(ticketId)) continue;
      this.owners.set(ticketId, owner);
    }
    this.outcomes.set(id, { kind: 'done', gas: FAKE_GAS, block: this.height });
  }
}

/** What the wallet signs, as far as the fake chain can tell: 80 letters and digits. */
export function fakeSignature(wallet: string): string {
  return createHash('sha512').update(wallet).digest('hex').slice(0, 80);
}
