import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ethers, PolygonNode } from '../../../src/kernel/chain/polygon/index.js';
import { newId } from '../../../src/kernel/ids.js';
import { PolygonChain } from '../../../src/nft/infra/polygon/index.js';
import { polygonTokenId } from '../../../src/nft/infra/polygon/token-id.js';
import type {
  Place,
  SignedTransaction,
  TokenOrder,
  TransactionState,
} from '../../../src/nft/infra/ticket-chain.js';
import { type PolygonSandbox, startPolygon } from '../../../src/sandbox/polygon/index.js';

/** What the sandbox's contract has in front of a token id. */
export const BASE_URI = 'http://127.0.0.1:3005/nft/metadata/';

const BLOCK_MS = 20;
const TIMEOUT_MS = 5_000;
const POLL_MS = 10;

/** A wallet that nobody used before. */
export function newWallet() {
  const { hexlify, randomBytes, Wallet } = ethers();
  return new Wallet(hexlify(randomBytes(32)));
}

/** A chain in a folder of its own, and the adapter on it. */
export class PolygonDesk {
  private constructor(
    readonly folder: string,
    readonly sandbox: PolygonSandbox,
    readonly node: PolygonNode,
    readonly chain: PolygonChain,
    private nonce: number,
  ) {}

  static async open(folder = mkdtempSync(path.join(tmpdir(), 'polygon-'))): Promise<PolygonDesk> {
    const sandbox = await startPolygon({ folder, blockMs: BLOCK_MS });
    const node = nodeOf(sandbox);
    const chain = new PolygonChain({ node, contract: sandbox.contract, signer: sandbox.minter });
    return new PolygonDesk(folder, sandbox, node, chain, await chain.nextNonce());
  }

  /** Takes up the chain's own count of the signer's places. */
  async recount(): Promise<void> {
    this.nonce = await this.chain.nextNonce();
  }

  /** The signer's next place. */
  place(): Place {
    return { nonce: this.nonce++ };
  }

  /** A ticket for a wallet of its own. */
  order(overrides: Partial<TokenOrder> = {}): TokenOrder {
    const ticketId = overrides.ticketId ?? newId();
    const uri = `${BASE_URI}${polygonTokenId(ticketId)}`;
    return { ticketId, owner: newWallet().address, name: 'Ticket', uri, ...overrides };
  }

  orders(count: number): TokenOrder[] {
    return Array.from({ length: count }, () => this.order());
  }

  /** A ticket that the platform keeps for whoever claims it. */
  async kept(): Promise<TokenOrder> {
    return this.order({ owner: await this.chain.signerAddress() });
  }

  /** Signs, sends and waits for the end. */
  async mint(orders: readonly TokenOrder[]): Promise<TransactionState> {
    return this.done(await this.chain.signMint(orders, this.place()));
  }

  async done(transaction: SignedTransaction): Promise<TransactionState> {
    await this.chain.send(transaction);
    return this.settled(transaction);
  }

  /** Asks until the state is final; the test's own timeout is the limit. */
  async settled(transaction: SignedTransaction): Promise<TransactionState> {
    for (;;) {
      const state = await this.chain.stateOf(transaction);
      if (state.kind !== 'pending' && state.kind !== 'included') return state;
      await sleep(POLL_MS);
    }
  }

  async ownerOf({ ticketId }: Pick<TokenOrder, 'ticketId'>): Promise<string | null | undefined> {
    return (await this.chain.ownersOf([ticketId])).get(ticketId);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function nodeOf({ rpcUrl, chainId }: Pick<PolygonSandbox, 'rpcUrl' | 'chainId'>) {
  return new PolygonNode({ rpcUrl, chainId, timeoutMs: TIMEOUT_MS });
}
