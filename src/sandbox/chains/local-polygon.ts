import { anvilProgram } from '../polygon/anvil-program.js';
import { DevSigner, startPolygon } from '../polygon/index.js';
import { keptKey } from './kept-key.js';
import type { LocalChain, LocalChainKind, LocalChainOptions } from './local-chain.js';

/** anvil with the contract of the tokens on it; one of anvil's own accounts signs. */
export const localPolygon: LocalChainKind = { name: 'polygon', missing, start };

function missing(): string | undefined {
  try {
    anvilProgram();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function start(options: LocalChainOptions): Promise<LocalChain> {
  const { folder, keyFile, passphrase, port } = options;
  const minterKey = () => new DevSigner(1).privateKey;
  const custody = await keptKey(keyFile, 'secp256k1', passphrase, minterKey);
  const chain = await startPolygon({ folder, port });
  const { rpcUrl, contract } = chain;
  const network = String(chain.chainId);
  return {
    name: 'polygon',
    facts: { rpcUrl, network, contract, custody },
    env: {
      POLYGON_RPC_URL: rpcUrl,
      POLYGON_CHAIN_ID: network,
      POLYGON_CONTRACT_ADDRESS: contract,
      POLYGON_KEY_FILE: keyFile,
    },
    close: () => chain.close(),
  };
}
