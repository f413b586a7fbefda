import type { SignerConfig } from '../../config/index.js';
import { KeyFileSigner } from './key-file-signer.js';
import { KmsSigner } from './kms-signer.js';
import type { Curve, Signer } from './signer.js';

export * from './signer.js';

/** The signer that is configured; nothing is read or asked before its first use. */
export function signerOf(config: SignerConfig, curve: Curve, timeoutMs: number): Signer {
  return 'kmsKeyId' in config
    ? new KmsSigner(curve, config.kmsKeyId, timeoutMs)
    : new KeyFileSigner(curve, config.keyFile, config.passphrase);
}
