import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Curve, Signer } from '../../../src/kernel/chain/signer/index.js';
import { SolanaNode, toBase58 } from '../../../src/kernel/chain/solana/index.js';
import { newId } from '../../../src/kernel/ids.js';
import { SolanaChain } from '../../../src/nft/infra/solana/index.js';
import type {
  Place,
  SignedTransaction,
  TokenOrder,
  TransactionState,
} from '../../../src/nft/infra/ticket-chain.js';
import { type SolanaSandbox, startSolana } from '../../../src/sandbox/solana/index.js';

export const BASE_URI = 'http://127.0.0.1:3005/nft/metadata/';

/** Solana has no place that a transaction would have to wait for. */
export const PLACE: Place = { nonce: null };

const TIMEOUT_MS = 30_000;
const LAMPORTS = 100_000_000_000;

/** A key pair of ed25519 that nobody used before. */
export class NewKey extends Signer {
  readonly curve: Curve = 'ed25519';
  private readonly privateKey: KeyObject;
  private readonly bytes: Buffer;

  constructor() {
    super();
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.privateKey = privateKey;
    this.bytes = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  }

  get text(): string {
    return toBase58(this.bytes);
  }

  address(): Promise<string> {
    return Promise.resolve(this.text);
  }

  publicKey(): Promise<Buffer> {
    return Promise.resolve(this.bytes);
  }

  sign(payload: Uint8Array): Promise<Buffer> {
    return Promise.resolve(sign(null, payload, this.privateKey));
  }
}

/** A chain in a folder of its own, whose blocks come when they are asked for, and the adapter on it. */
export class SolanaDesk {
  node: SolanaNode;
  chain: SolanaChain;

  private constructor(
    readonly folder: string,
    readonly signer: NewKey,
    public sandbox: SolanaSandbox,
  ) {
    this.node = nodeOf(sandbox);
    this.chain = new SolanaChain({ node: this.node, signer });
  }

  static async open(): Promise<SolanaDesk> {
    const folder = mkdtempSync(path.join(tmpdir(), 'solana-'));
    const signer = new NewKey();
    const sandbox = await startStill(folder);
    sandbox.fund(signer.text, LAMPORTS);
    return new SolanaDesk(folder, signer, sandbox);
  }

  /** A ticket that the platform keeps for whoever claims it. */
  async order(overrides: Partial<TokenOrder> = {}): Promise<TokenOrder> {
    const ticketId = overrides.ticketId ?? newId();
    const { tokenId, base } = await this.chain.identityOf(ticketId);
    return { ticketId, owner: base, name: 'Ticket', uri: BASE_URI + tokenId, ...overrides };
  }

  /** Signs, sends and waits for the end. */
  async mint(...orders: readonly TokenOrder[]): Promise<TransactionState> {
    return this.done(await this.chain.signMint(orders, PLACE));
  }

  async done(transaction: SignedTransaction): Promise<TransactionState> {
    await this.chain.send(transaction);
    this.settle();
    return this.chain.stateOf(transaction);
  }

  /** Makes final what is in a block. */
  settle(): void {
    this.sandbox.makeBlocks(2);
  }

  async ownerOf({ ticketId }: Pick<TokenOrder, 'ticketId'>): Promise<string | null | undefined> {
    return (await this.chain.ownersOf([ticketId])).get(ticketId);
  }

  /** The node and the adapter on it stop, and start again where they were. */
  async restart(): Promise<void> {
    await this.sandbox.close();
    this.sandbox = await startStill(this.folder);
    this.node = nodeOf(this.sandbox);
    this.chain = new SolanaChain({ node: this.node, signer: this.signer });
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function nodeOf({ rpcUrl }: Pick<SolanaSandbox, 'rpcUrl'>): SolanaNode {
  return new SolanaNode({ rpcUrl, cluster: 'localnet', timeoutMs: TIMEOUT_MS });
}

/** No block comes by time. */
function startStill(folder: string): Promise<SolanaSandbox> {
  return startSolana({ folder, clock: () => 0 });
}
