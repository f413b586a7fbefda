import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface VaultKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** A ciphertext and the key that opens it. */
export interface Sealed {
  readonly keyId: string;
  /** Initialisation vector (12 bytes), authentication tag (16 bytes), ciphertext. */
  readonly ciphertext: Buffer;
}

/** A ciphertext that no key opens: unknown key, wrong context, or changed bytes. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

/**
 * Encrypts with AES-256-GCM (NIST SP 800-38D) under the first key of the ring and decrypts with
 * any of them, so that keys rotate by prepending a new one. The context is authenticated with the
 * ciphertext: a value moved to another row, tenant or field does not decrypt.
 */
export class Vault {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: VaultKey;

  constructor(ring: readonly VaultKey[]) {
    const [current] = ring;
    if (!current) throw new VaultError('the vault needs at least one key');
    for (const { id, key } of ring) {
      if (key.length !== 32) throw new VaultError(`the vault key ${id} is not 32 bytes long`);
    }
    this.current = current;
    this.keys = new Map(ring.map(({ id, key }) => [id, key]));
    if (this.keys.size !== ring.length) throw new VaultError('a vault key id is used twice');
  }

  /** The keys of the ring that open but no longer seal. */
  get olderKeys(): readonly string[] {
    return [...this.keys.keys()].filter((id) => id !== this.current.id);
  }

  encrypt(plaintext: string, context: string): Sealed {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.current.key, iv);
    cipher.setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    const ciphertext = Buffer.concat([iv, cipher.getAuthTag(), body]);
    return { keyId: this.current.id, ciphertext };
  }

  /** Throws `VaultError`. */
  decrypt({ keyId, ciphertext }: Sealed, context: string): string {
    const key = this.keys.get(keyId);
    if (!key) throw new VaultError(`no vault key is called ${keyId}`);
    if (ciphertext.length < IV_BYTES + TAG_BYTES) throw new VaultError('a ciphertext is cut short');
    const iv = ciphertext.subarray(0, IV_BYTES);
    const tag = ciphertext.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(tag);
    try {
      const body = decipher.update(ciphertext.subarray(IV_BYTES + TAG_BYTES));
      return Buffer.concat([body, decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new VaultError('a ciphertext does not belong to its context', { cause });
    }
  }
}
