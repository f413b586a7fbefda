import { createPublicKey, verify } from 'node:crypto';
import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import { recoverable } from './recoverable-signature.js';
import { addressOf, rawPublicKey } from './public-keys.js';
import { type Curve, Signer, SignerUnavailable } from './signer.js';

const ATTEMPTS = 2;

/**
 * Signs with a key of AWS KMS that never leaves it: key spec ECC_SECG_P256K1, or
 * ECC_NIST_EDWARDS25519 (docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html).
 * Region and credentials are what the SDK finds (environment, container, instance). ECDSA there is
 * not deterministic: the same digest signed again is another signature. The public key is asked for
 * once, and again after a signature that is not one of it: an alias may have got another key.
 */
export class KmsSigner extends Signer {
  private client: Promise<KMSClient> | undefined;
  private known: Promise<Buffer> | undefined;

  constructor(
    readonly curve: Curve,
    private readonly keyId: string,
    private readonly timeoutMs: number,
    private readonly options: KMSClientConfig = {},
  ) {
    super();
  }

  async address(): Promise<string> {
    return addressOf(this.curve, await this.publicKey());
  }

  publicKey(): Promise<Buffer> {
    this.known ??= this.askPublicKey().catch((error: unknown) => {
      this.known = undefined;
      throw unavailable(error);
    });
    return this.known;
  }

  async sign(payload: Uint8Array): Promise<Buffer> {
    const known = this.publicKey();
    const publicKey = await known;
    const signature = await this.askSignature(payload).catch((error: unknown) => {
      throw unavailable(error);
    });
    try {
      return this.curve === 'ed25519'
        ? own(signature, payload, publicKey)
        : recoverable(signature, payload, publicKey);
    } catch {
      if (this.known === known) this.known = undefined;
      throw new SignerUnavailable('what KMS signed is not of the key that it has shown');
    }
  }

  private async askPublicKey(): Promise<Buffer> {
    const { GetPublicKeyCommand } = await import('@aws-sdk/client-kms');
    const { PublicKey: spki } = await (
      await this.connected()
    ).send(new GetPublicKeyCommand({ KeyId: this.keyId }), this.limit());
    if (!spki) throw new Error('KMS answered without a public key');
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return rawPublicKey(this.curve, key);
  }

  private async askSignature(payload: Uint8Array): Promise<Buffer> {
    const { SignCommand } = await import('@aws-sdk/client-kms');
    const client = await this.connected();
    const command = new SignCommand({
      KeyId: this.keyId,
      Message: payload,
      ...(this.curve === 'ed25519'
        ? { MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' }
        : { MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
    });
    const { Signature: signature } = await client.send(command, this.limit());
    if (!signature) throw new Error('KMS answered without a signature');
    return Buffer.from(signature);
  }

  private connected(): Promise<KMSClient> {
    this.client ??= import('@aws-sdk/client-kms').then(
      ({ KMSClient }) => new KMSClient({ maxAttempts: ATTEMPTS, ...this.options }),
    );
    return this.client;
  }

  private limit(): { abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(this.timeoutMs) };
  }
}

/** The signature, where this key of ed25519 made it; throws where it did not. */
function own(signature: Buffer, payload: Uint8Array, publicKey: Buffer): Buffer {
  const x = publicKey.toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (verify(null, payload, key, signature)) return signature;
  throw new Error('the signature is not one of this key and message');
}

/** By its name alone: messages of the SDK quote requests. */
function unavailable(error: unknown): SignerUnavailable {
  if (error instanceof SignerUnavailable) return error;
  const name = error instanceof Error ? error.name : 'unknown error';
  return new SignerUnavailable(`KMS did not sign: ${name}`);
}
