import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sealKey } from '../../src/kernel/chain/signer/key-file.js';
import type { Uuid } from '../../src/kernel/ids.js';
import { polygonTokenId } from '../../src/nft/infra/polygon/index.js';
import { mintAddressOf } from '../../src/nft/infra/solana/index.js';
import { type PolygonSandbox, startPolygon } from '../../src/sandbox/polygon/index.js';
import { type SolanaSandbox, startSolana } from '../../src/sandbox/solana/index.js';

/** What the chain itself says of a ticket's token. */
export interface TokenOnChain {
  /** Tokens there ever were of this ticket. */
  readonly made: number;
  /** Nobody: burned, or never made. */
  readonly owner: string | null;
}

/** Both local chains with signers that have coins, and what an application needs to use them. */
export interface TestChains {
  readonly polygon: PolygonSandbox;
  readonly solana: SolanaSandbox;
  readonly env: Readonly<Record<string, string>>;
  readonly custody: { readonly polygon: string; readonly solana: string };
  /** Reads the chain past its node's faults. */
  tokenOf(blockchain: 'polygon' | 'solana', ticketId: Uuid): Promise<TokenOnChain>;
  close(): Promise<void>;
}

const PASSPHRASE = 'correct horse battery staple';
const BLOCK_MS = 50;
/** A block hash lives for 150 blocks: half a minute. */
const SOLANA_BLOCK_MS = 200;
const LAMPORTS = 1_000_000_000_000;

export async function startChains(): Promise<TestChains> {
  const folder = mkdtempSync(path.join(tmpdir(), 'chains-'));
  const polygon = await startPolygon({ folder: path.join(folder, 'polygon'), blockMs: BLOCK_MS });
  const solana = await startSolana({ blockMs: SOLANA_BLOCK_MS });
  const keep = (name: string, file: object) => {
    const kept = path.join(folder, name);
    writeFileSync(kept, JSON.stringify(file), { mode: 0o600 });
    return kept;
  };
  const evm = await sealKey('secp256k1', polygon.minter.privateKey, PASSPHRASE);
  const sol = await sealKey('ed25519', randomBytes(32), PASSPHRASE);
  solana.fund(sol.address, LAMPORTS);
  return {
    polygon,
    solana,
    custody: { polygon: evm.address, solana: sol.address },
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
    tokenOf: async (blockchain, ticketId) => {
      if (blockchain === 'polygon') {
        const tokenId = polygonTokenId(ticketId).toString();
        const found = (await polygon.tokens()).find((token) => token.tokenId === tokenId);
        return { made: found?.mints ?? 0, owner: found?.owner ?? null };
      }
      const mint = mintAddressOf(ticketId, sol.address);
      const found = solana.tokens().filter((token) => token.mint === mint);
      return { made: found.length, owner: found[0]?.owners[0] ?? null };
    },
    close: async () => {
      await Promise.all([polygon.close(), solana.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
