import { ethers } from '../polygon/ethers.js';

/** The order of secp256k1's base point (SEC 2, section 2.4.1). */
const ORDER = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n;

/**
 * A signature of a digest as chains take it, of one in DER (RFC 3279, section 2.2.3): s of the lower
 * half (EIP-2), and the parity that leads back to the public key. 65 bytes as `Signer.sign` answers.
 * Throws where the key did not sign this digest.
 */
export function recoverable(der: Uint8Array, digest: Uint8Array, publicKey: Buffer): Buffer {
  const { Signature, SigningKey } = ethers();
  const [r, s] = integers(Buffer.from(der));
  const [rHex, sHex] = [hex(r), hex(s > ORDER / 2n ? ORDER - s : s)];
  const wanted = `0x${publicKey.toString('hex')}`;
  for (const yParity of [0, 1] as const) {
    const signature = Signature.from({ r: `0x${rHex}`, s: `0x${sHex}`, yParity });
    if (SigningKey.recoverPublicKey(digest, signature) === wanted) {
      return Buffer.from(`${rHex}${sHex}0${yParity}`, 'hex');
    }
  }
  throw new Error('the signature is not one of this key and digest');
}

function hex(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}

/** SEQUENCE of two INTEGERs. */
function integers(der: Buffer): readonly [bigint, bigint] {
  const [tag, length, ...rest] = der;
  if (tag !== 0x30 || length !== rest.length) throw new Error('the signature is no DER sequence');
  const first = integerAt(der, 2);
  const second = integerAt(der, first.end);
  if (second.end !== der.length) throw new Error('the signature has more than two integers');
  return [first.value, second.value];
}

function integerAt(der: Buffer, at: number): { value: bigint; end: number } {
  const start = at + 2;
  const end = start + (der[at + 1] ?? 0);
  if (der[at] !== 0x02 || end === start || end - start > 33 || end > der.length) {
    throw new Error('the signature has no integer where one must be');
  }
  return { value: BigInt(`0x${der.subarray(start, end).toString('hex')}`), end };
}
