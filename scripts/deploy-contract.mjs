// npm run nft:deploy -- --operator ADDRESS [options]: puts the TicketNFT contract on a chain and prints
// its address, which follows from what it is made with: a second run changes nothing.
// POLYGON_RPC_URL and POLYGON_CHAIN_ID say where, NFT_METADATA_BASE_URL where metadata are read. The key
// of POLYGON_KEY_FILE (with CHAIN_KEY_PASSPHRASE) or POLYGON_KMS_KEY_ID pays. Once tickets are minted with
// a key, it must not pay for deployments: their nonces would be those of mints.
import { parseArgs } from 'node:util';
import { evmNetwork, PolygonNode } from '../dist/src/kernel/chain/polygon/index.js';
import { parseEvmAddress } from '../dist/src/kernel/chain/polygon/address.js';
import { signerOf } from '../dist/src/kernel/chain/signer/index.js';
import { deployTicketNft } from '../dist/src/nft/infra/polygon/contract/deploy.js';

const USAGE = `npm run nft:deploy -- --operator ADDRESS [--admin ADDRESS] [--name TEXT] [--symbol TEXT]
  [--royalty-receiver ADDRESS --royalty-basis-points NUMBER]
The operator mints and revokes: the signer of the workers. The admin, else whoever pays, gives roles.`;

const TIMEOUT_MS = 20_000;

function fail(problem) {
  console.error(`${problem}\n\n${USAGE}`);
  process.exit(2);
}

function required(name) {
  return process.env[name] || fail(`${name} is missing`);
}

function address(text, option) {
  return parseEvmAddress(text ?? '') ?? fail(`--${option} must be an address`);
}

function paying() {
  const { POLYGON_KEY_FILE: keyFile, POLYGON_KMS_KEY_ID: kmsKeyId } = process.env;
  if (kmsKeyId) return signerOf({ kmsKeyId }, 'secp256k1', TIMEOUT_MS);
  if (!keyFile) fail('POLYGON_KEY_FILE or POLYGON_KMS_KEY_ID is missing');
  const passphrase = required('CHAIN_KEY_PASSPHRASE');
  return signerOf({ keyFile, passphrase }, 'secp256k1', TIMEOUT_MS);
}

function optionsGiven() {
  const text = { type: 'string' };
  try {
    return parseArgs({
      options: {
        operator: text,
        admin: text,
        name: { ...text, default: 'TicketToken' },
        symbol: { ...text, default: 'TKT' },
        'royalty-receiver': text,
        'royalty-basis-points': { ...text, default: '0' },
      },
    }).values;
  } catch (error) {
    return fail(error.message);
  }
}

const given = optionsGiven();
const operator = address(given.operator, 'operator');
const royaltyBasisPoints = Number(given['royalty-basis-points']);
if (!(
  Number.isInteger(royaltyBasisPoints) &&
  royaltyBasisPoints >= 0 &&
  royaltyBasisPoints <= 10_000
)) {
  fail('--royalty-basis-points must be a whole number from 0 to 10000');
}
const rpcUrl = required('POLYGON_RPC_URL');
const chainId = Number(required('POLYGON_CHAIN_ID'));
const base = (process.env.NFT_METADATA_BASE_URL || required('PUBLIC_BASE_URL')).replace(/\/+$/, '');

try {
  const signer = paying();
  const payer = await signer.address();
  const receiver = given['royalty-receiver'];
  const args = {
    name: given.name,
    symbol: given.symbol,
    baseUri: `${base}/nft/metadata/`,
    admin: given.admin === undefined ? payer : address(given.admin, 'admin'),
    operator,
    royaltyReceiver: receiver === undefined ? payer : address(receiver, 'royalty-receiver'),
    royaltyBasisPoints,
  };
  const node = new PolygonNode({ rpcUrl, chainId, timeoutMs: TIMEOUT_MS });
  console.error(`${evmNetwork(chainId).name}: ${payer} pays`);
  console.log(await deployTicketNft(args, node, signer));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
