import type { ChainsConfig, ConfigProblem, SignerConfig } from './config.js';
import type { Variables } from './variables.js';

type Given = Readonly<Record<string, string | undefined>>;

const CHAINS = [
  { rpc: 'POLYGON_RPC_URL', needs: ['POLYGON_CHAIN_ID', 'POLYGON_CONTRACT_ADDRESS'] },
  { rpc: 'SOLANA_RPC_URL', needs: ['SOLANA_CLUSTER'] },
] as const;

/** A chain is configured whole or not at all; who mints also needs what signs. */
export function refuseHalfChains(given: Given, problems: ConfigProblem[]): void {
  for (const { rpc, needs } of CHAINS) {
    if (!given[rpc]) continue;
    for (const variable of needs.filter((name) => !given[name])) {
      problems.push({ variable, problem: `is missing: ${rpc} needs it` });
    }
    refuseSigner(given, rpc.replace('_RPC_URL', ''), problems);
  }
}

function refuseSigner(given: Given, chain: string, problems: ConfigProblem[]): void {
  const [file, kms] = [`${chain}_KEY_FILE`, `${chain}_KMS_KEY_ID`];
  if (given[file] && given[kms]) {
    problems.push({ variable: kms, problem: `must not be set together with ${file}` });
  } else if (!given[file] && !given[kms] && given.ROLE !== 'api') {
    problems.push({ variable: file, problem: `is missing: a worker needs it, or ${kms}` });
  }
  const variable = 'CHAIN_KEY_PASSPHRASE';
  const isKnown = problems.some((problem) => problem.variable === variable);
  if (given[file] && !given[variable] && !isKnown) {
    problems.push({ variable, problem: `is missing: ${file} needs it` });
  }
}

/** The chains that are configured; for variables that `refuseHalfChains` found nothing wrong with. */
export function chainsOf(v: Variables): ChainsConfig {
  const { POLYGON_RPC_URL: polygonRpc, POLYGON_CHAIN_ID: chainId } = v;
  const { POLYGON_CONTRACT_ADDRESS: contract } = v;
  const { SOLANA_RPC_URL: solanaRpc, SOLANA_CLUSTER: cluster } = v;
  return {
    timeoutMs: v.CHAIN_TIMEOUT_MS,
    metadataBaseUrl: v.NFT_METADATA_BASE_URL ?? v.PUBLIC_BASE_URL,
    priceFeed: { url: v.PRICE_FEED_URL, apiKey: v.PRICE_FEED_API_KEY },
    polygon:
      polygonRpc && chainId && contract
        ? {
            rpcUrl: polygonRpc,
            chainId,
            contract,
            signer: signerOf(v.POLYGON_KEY_FILE, v.POLYGON_KMS_KEY_ID, v),
            balanceAlertPol: v.POLYGON_BALANCE_ALERT_POL,
          }
        : undefined,
    solana:
      solanaRpc && cluster
        ? {
            rpcUrl: solanaRpc,
            cluster,
            signer: signerOf(v.SOLANA_KEY_FILE, v.SOLANA_KMS_KEY_ID, v),
            balanceAlertSol: v.SOLANA_BALANCE_ALERT_SOL,
          }
        : undefined,
  };
}

function signerOf(
  keyFile: string | undefined,
  kmsKeyId: string | undefined,
  { CHAIN_KEY_PASSPHRASE: passphrase }: Variables,
): SignerConfig | undefined {
  if (kmsKeyId) return { kmsKeyId };
  return keyFile && passphrase ? { keyFile, passphrase } : undefined;
}
