import { randomBytes } from 'node:crypto';
import { loadLitesvm, startSolana } from '../solana/index.js';
import { keptKey } from './kept-key.js';
import type { LocalChain, LocalChainKind, LocalChainOptions } from './local-chain.js';

/** What the signer has at each start, at least: a thousand SOL. */
const LAMPORTS = 1_000_000_000_000;

/** LiteSVM behind the JSON-RPC of a node. */
export const localSolana: LocalChainKind = { name: 'solana', missing, start };

function missing(): string | undefined {
  if (loadLitesvm()) return undefined;
  const platform = `${process.platform}-${process.arch}`;
  return `There is no local Solana here (LiteSVM for ${platform}): set SOLANA_RPC_URL.`;
}

async function start(options: LocalChainOptions): Promise<LocalChain> {
  const { folder, keyFile, passphrase, port } = options;
  const custody = await keptKey(keyFile, 'ed25519', passphrase, () => randomBytes(32));
  const chain = await startSolana({ folder, port });
  chain.fund(custody, LAMPORTS);
  const { rpcUrl, cluster } = chain;
  return {
    name: 'solana',
    facts: { rpcUrl, network: cluster, custody },
    env: { SOLANA_RPC_URL: rpcUrl, SOLANA_CLUSTER: cluster, SOLANA_KEY_FILE: keyFile },
    close: () => chain.close(),
  };
}
