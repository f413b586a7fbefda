import { chainId, choice, evmAddress, text, url, whole } from './fields.js';
import { inSection } from './section.js';

const chains = inSection('Blockchains (none is used without its RPC address)');
const polygon = inSection('Polygon (off without POLYGON_RPC_URL)');
const solana = inSection('Solana (off without SOLANA_RPC_URL)');

/** Solana's clusters, and one of one's own. */
export const SOLANA_CLUSTERS = ['mainnet-beta', 'devnet', 'testnet', 'localnet'] as const;

const KEY_FILE = 'encrypted key file of the signer (npm run new-key); a worker needs it or a KMS';
const KMS_KEY =
  'key of AWS KMS that signs instead; region and credentials as the AWS SDK finds them';

/** The variables of the blockchains that tickets are minted on. */
export const chainVariables = {
  CHAIN_TIMEOUT_MS: chains.defaulted(
    whole(100, 60_000),
    '5000',
    'longest wait for a node, the price feed or the KMS, milliseconds',
  ),
  CHAIN_KEY_PASSPHRASE: chains.optional(
    text('must be a passphrase').min(12, 'must have at least 12 characters'),
    'opens the key files; needed with POLYGON_KEY_FILE or SOLANA_KEY_FILE',
    { secret: true },
  ),
  NFT_METADATA_BASE_URL: chains.optional(
    url(),
    'public address of /nft/metadata, which every token carries for ever; PUBLIC_BASE_URL when not set',
    { example: 'https://tokens.example.com' },
  ),
  PRICE_FEED_URL: chains.defaulted(
    url(),
    'https://api.coingecko.com/api/v3',
    'where POL and SOL are priced in dollars: /simple/price as CoinGecko has it',
  ),
  PRICE_FEED_API_KEY: chains.optional(
    text('must be a key').min(8, 'must have at least 8 characters'),
    'key of the price feed, sent as x-cg-pro-api-key to pro-api.coingecko.com, else as x-cg-demo-api-key',
    { secret: true },
  ),

  POLYGON_RPC_URL: polygon.optional(url(), 'JSON-RPC of a node', {
    secret: true,
    example: 'https://polygon-amoy.example.com/v2/key',
  }),
  POLYGON_CHAIN_ID: polygon.optional(
    chainId(),
    '137 (mainnet), 80002 (Amoy) or 31337 (a local chain); needed with POLYGON_RPC_URL',
    { example: '80002' },
  ),
  POLYGON_CONTRACT_ADDRESS: polygon.optional(
    evmAddress(),
    'the TicketNFT contract (npm run nft:deploy); needed with POLYGON_RPC_URL',
    { example: '0x5FbDB2315678afecb367f032d93F642f64180aa3' },
  ),
  POLYGON_KEY_FILE: polygon.optional(text('must be a path'), KEY_FILE),
  POLYGON_KMS_KEY_ID: polygon.optional(text('must be a key id or ARN'), KMS_KEY),
  POLYGON_BALANCE_ALERT_POL: polygon.defaulted(
    whole(0, 1_000_000),
    '10',
    'operators are told when the signer has less POL than this',
  ),

  SOLANA_RPC_URL: solana.optional(url(), 'JSON-RPC of a node', {
    secret: true,
    example: 'https://api.devnet.solana.com',
  }),
  SOLANA_CLUSTER: solana.optional(
    choice(SOLANA_CLUSTERS),
    `${SOLANA_CLUSTERS.join(', ')}; needed with SOLANA_RPC_URL`,
    { example: 'devnet' },
  ),
  SOLANA_KEY_FILE: solana.optional(text('must be a path'), KEY_FILE),
  SOLANA_KMS_KEY_ID: solana.optional(text('must be a key id or ARN'), KMS_KEY),
  SOLANA_BALANCE_ALERT_SOL: solana.defaulted(
    whole(0, 1_000_000),
    '1',
    'operators are told when the signer has less SOL than this',
  ),
};
