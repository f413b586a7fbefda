import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { ethers } from '../polygon/ethers.js';
import { toBase58 } from '../solana/base58.js';
import { type Curve, SignerUnavailable } from './signer.js';

/** What stands before the seed in PKCS #8 of an ed25519 key (RFC 8410, section 7). */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The private key that Node.js signs with, of a seed of 32 bytes. */
export function ed25519Key(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([ED25519_PKCS8, seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/** As `Signer.publicKey` answers it. */
export function publicKeyOf(curve: Curve, privateKey: Uint8Array): Buffer {
  if (curve === 'ed25519') return rawPublicKey(curve, createPublicKey(ed25519Key(privateKey)));
  const { SigningKey } = ethers();
  const { publicKey } = new SigningKey(privateKey);
  return Buffer.from(publicKey.slice(2), 'hex');
}

/** The bare bytes of a public key. Throws `SignerUnavailable` where it is one of another curve. */
export function rawPublicKey(curve: Curve, key: KeyObject): Buffer {
  const { crv, x, y } = key.export({ format: 'jwk' });
  if (curve === 'ed25519' && crv === 'Ed25519' && x) return bytes(x);
  if (curve === 'secp256k1' && crv === 'secp256k1' && x && y) {
    return Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]);
  }
  throw new SignerUnavailable(`the key is not of ${curve}`);
}

function bytes(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url');
}

/** As `Signer.address` answers it, for a public key as `Signer.publicKey` answers it. */
export function addressOf(curve: Curve, publicKey: Buffer): string {
  if (curve === 'ed25519') return toBase58(publicKey);
  return ethers().computeAddress(`0x${publicKey.toString('hex')}`);
}
