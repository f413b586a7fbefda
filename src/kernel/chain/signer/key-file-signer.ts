import { type KeyObject, sign as signWith } from 'node:crypto';
import { ethers } from '../polygon/ethers.js';
import { openKey, readKeyFile } from './key-file.js';
import { addressOf, ed25519Key, publicKeyOf } from './public-keys.js';
import { type Curve, Signer, SignerUnavailable } from './signer.js';

interface OpenKey {
  readonly publicKey: Buffer;
  readonly address: string;
  sign(payload: Uint8Array): Buffer;
}

/**
 * Signs with a key of an encrypted file (`sealKey`), which is opened at the first use and then held
 * in memory. Signatures are deterministic (RFC 6979, RFC 8032): the same payload, the same bytes.
 */
export class KeyFileSigner extends Signer {
  // Private to the language itself: nothing that prints an object shows it.
  readonly #passphrase: string;
  private opened: Promise<OpenKey> | undefined;

  constructor(
    readonly curve: Curve,
    private readonly path: string,
    passphrase: string,
  ) {
    super();
    this.#passphrase = passphrase;
  }

  async address(): Promise<string> {
    return (await this.key()).address;
  }

  async publicKey(): Promise<Buffer> {
    return (await this.key()).publicKey;
  }

  async sign(payload: Uint8Array): Promise<Buffer> {
    return (await this.key()).sign(payload);
  }

  private key(): Promise<OpenKey> {
    this.opened ??= this.open().catch((error: unknown) => {
      // A file that is put right is read at the next try.
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private async open(): Promise<OpenKey> {
    const file = await readKeyFile(this.path);
    if (file.curve !== this.curve) {
      throw new SignerUnavailable(`the key file holds a key of ${file.curve}, not ${this.curve}`);
    }
    const privateKey = await openKey(file, this.#passphrase);
    const publicKey = publicKeyOf(this.curve, privateKey);
    const sign = this.curve === 'ed25519' ? ed25519(ed25519Key(privateKey)) : secp256k1(privateKey);
    privateKey.fill(0);
    return { publicKey, address: addressOf(this.curve, publicKey), sign };
  }
}

function ed25519(key: KeyObject) {
  return (payload: Uint8Array) => signWith(null, payload, key);
}

function secp256k1(privateKey: Buffer) {
  const { SigningKey } = ethers();
  const key = new SigningKey(privateKey);
  return (digest: Uint8Array) => {
    const { r, s, yParity } = key.sign(digest);
    return Buffer.concat([hex(r), hex(s), Buffer.of(yParity)]);
  };
}

function hex(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex');
}
