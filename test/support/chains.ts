import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SolanaNode } from '../../src/kernel/chain/solana/index.js';
import { sealKey } from '../../src/kernel/chain/signer/key-file.js';
import type { Uuid } from '../../src/kernel/ids.js';
import { polygonTokenId } from '../../src/nft/infra/polygon/index.js';
import { mintAddressOf } from '../../src/nft/infra/solana/index.js';
import { allOrNone } from '../../src/sandbox/all-or-none.js';
import { type PolygonSandbox, startPolygon } from '../../src/sandbox/polygon/index.js';
import { type SolanaSandbox, startSolana } from '../../src/sandbox/solana/index.js';

export type ChainName = 'polygon' | 'solana';

/** What the chain itself says of a ticket's token. */
export interface TokenOnChain {
  /** Tokens there ever were of this ticket. */
  readonly made: number;
  /** Nobody: burned, or never made. */
  readonly owner: string | null;
}

/** How the signer stands with a chain that has nonces. */
export interface Nonces {
  /** Those in blocks. */
  readonly used: number;
  /** Transactions in the pool, also those that wait for a nonce before theirs. */
  readonly waiting: number;
}

/** Both local chains with signers that have coins, and what an application needs to use them. */
export interface TestChains {
  readonly polygon: PolygonSandbox;
  readonly solana: SolanaSandbox;
  readonly env: Readonly<Record<string, string>>;
  readonly custody: Readonly<Record<ChainName, string>>;
  /** A ticket's token, past the node's faults. */
  tokenOf(blockchain: ChainName, ticketId: Uuid): Promise<TokenOnChain>;
  /** Every token there ever was, by its id on the chain, past the node's faults. */
  tokensOn(blockchain: ChainName): Promise<ReadonlyMap<string, TokenOnChain>>;
  /** The id that a ticket's token has on a chain. */
  tokenIdOf(blockchain: ChainName, ticketId: Uuid): string;
  /** By how much the signer is poorer than at first, in wei or lamports. */
  spentOn(blockchain: ChainName): Promise<bigint>;
  noncesUsed(): Promise<Nonces>;
  close(): Promise<void>;
}

const PASSPHRASE = 'correct horse battery staple';
const BLOCK_MS = 50;
/** A block hash lives for 150 blocks: half a minute. */
const SOLANA_BLOCK_MS = 200;
const LAMPORTS = 1_000_000_000_000;
const TIMEOUT_MS = 5_000;

const NO_TOKEN: TokenOnChain = { made: 0, owner: null };

export async function startChains(): Promise<TestChains> {
  const folder = mkdtempSync(path.join(tmpdir(), 'chains-'));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [polygon, solana] = await allOrNone(
      startPolygon({ folder: path.join(folder, 'polygon'), blockMs: BLOCK_MS }),
      startSolana({ blockMs: SOLANA_BLOCK_MS }),
    );
    const close = async () => {
      await Promise.all([polygon.close(), solana.close()]);
    };
    const chains = await withSigners(folder, polygon, solana).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    return { ...chains, close: () => close().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Gives each chain a signer with coins, whose sealed keys are kept in the folder. */
async function withSigners(
  folder: string,
  polygon: PolygonSandbox,
  solana: SolanaSandbox,
): Promise<Omit<TestChains, 'close'>> {
  const keep = (name: string, file: object) => {
    const kept = path.join(folder, name);
    writeFileSync(kept, JSON.stringify(file), { mode: 0o600 });
    return kept;
  };
  const evm = await sealKey('secp256k1', polygon.minter.privateKey, PASSPHRASE);
  const sol = await sealKey('ed25519', randomBytes(32), PASSPHRASE);
  solana.fund(sol.address, LAMPORTS);
  const custody = { polygon: evm.address, solana: sol.address };
  const node = new SolanaNode({
    rpcUrl: solana.rpcUrl,
    cluster: solana.cluster,
    timeoutMs: TIMEOUT_MS,
  });
  const balances = {
    polygon: async () =>
      BigInt((await polygon.ask('eth_getBalance', evm.address, 'latest')) as string),
    solana: () => node.balanceOf(sol.address),
  };
  const atFirst = { polygon: await balances.polygon(), solana: await balances.solana() };
  const tokensOn = async (blockchain: ChainName) =>
    new Map(
      blockchain === 'polygon'
        ? (await polygon.tokens()).map(({ tokenId, mints, owner }) => [
            tokenId,
            { made: mints, owner },
          ])
        : solana.tokens().map(({ mint, owners }) => [
            mint,
            // The supply is locked at one: more owners than one would be more tokens than one.
            { made: Math.max(owners.length, 1), owner: owners[0] ?? null },
          ]),
    );
  const tokenIdOf = (blockchain: ChainName, ticketId: Uuid) =>
    blockchain === 'polygon'
      ? polygonTokenId(ticketId).toString()
      : mintAddressOf(ticketId, sol.address);
  return {
    polygon,
    solana,
    custody,
    env: {
      POLYGON_RPC_URL: polygon.rpcUrl,
      POLYGON_CHAIN_ID: String(polygon.chainId),
      POLYGON_CONTRACT_ADDRESS: polygon.contract,
      POLYGON_KEY_FILE: keep('polygon.json', evm),
      SOLANA_RPC_URL: solana.rpcUrl,
      SOLANA_CLUSTER: solana.cluster,
      SOLANA_KEY_FILE: keep('solana.json', sol),
      CHAIN_KEY_PASSPHRASE: PASSPHRASE,
    },
    tokensOn,
    tokenIdOf,
    tokenOf: async (blockchain, ticketId) =>
      (await tokensOn(blockchain)).get(tokenIdOf(blockchain, ticketId)) ?? NO_TOKEN,
    spentOn: async (blockchain) => atFirst[blockchain] - (await balances[blockchain]()),
    noncesUsed: async () => {
      const used = await polygon.ask('eth_getTransactionCount', evm.address, 'latest');
      const pool = (await polygon.ask('txpool_status')) as { pending: string; queued: string };
      return { used: Number(used), waiting: Number(pool.pending) + Number(pool.queued) };
    },
  };
}
