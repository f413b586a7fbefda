/** Polygon signs with secp256k1, Solana with ed25519. */
export const CURVES = ['secp256k1', 'ed25519'] as const;
export type Curve = (typeof CURVES)[number];

/**
 * What signs transactions. A private key never leaves it, and nothing of one is ever in a message or
 * a log line. Every method throws `SignerUnavailable` when the key cannot be had.
 */
export abstract class Signer {
  abstract readonly curve: Curve;

  /** secp256k1: the address with its checksum (EIP-55). ed25519: the public key in base58. */
  abstract address(): Promise<string>;

  /** secp256k1: 65 bytes, uncompressed (`04` first). ed25519: 32 bytes. */
  abstract publicKey(): Promise<Buffer>;

  /**
   * secp256k1 signs a digest of 32 bytes and answers r, s (of the lower half, EIP-2) and the parity
   * of y: 32 + 32 + 1 bytes, the last 0 or 1. ed25519 signs the message itself and answers 64 bytes.
   */
  abstract sign(payload: Uint8Array): Promise<Buffer>;
}

/** The key could not be had: no file, a wrong passphrase, no KMS. It says nothing of what was to be signed. */
export class SignerUnavailable extends Error {
  override readonly name = 'SignerUnavailable';
}
