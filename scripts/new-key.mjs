// npm run new-key -- secp256k1|ed25519 FILE: writes a new signing key, encrypted with
// CHAIN_KEY_PASSPHRASE, and prints its address. The key itself is printed nowhere.
import { randomBytes } from 'node:crypto';
import { sealKey, writeKeyFile } from '../dist/src/kernel/chain/signer/key-file.js';

const [curve, file] = process.argv.slice(2);
const passphrase = process.env.CHAIN_KEY_PASSPHRASE ?? '';
if (!['secp256k1', 'ed25519'].includes(curve) || !file || passphrase.length < 12) {
  console.error('Usage: CHAIN_KEY_PASSPHRASE=… npm run new-key -- secp256k1|ed25519 FILE');
  console.error(
    'secp256k1 is for Polygon, ed25519 for Solana; the passphrase has 12 characters or more.',
  );
  process.exit(2);
}
try {
  // 32 random bytes are a seed of ed25519, and a scalar of secp256k1 in all but 2^-128 of cases.
  const sealed = await sealKey(curve, randomBytes(32), passphrase);
  await writeKeyFile(file, sealed);
  console.log(sealed.address);
} catch (error) {
  console.error(error.code === 'EEXIST' ? `${file} exists already` : error.message);
  process.exit(1);
}
