import {
  createCipheriv,
  createDecipheriv,
  randomBytes,
  scrypt,
  type ScryptOptions,
} from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { addressOf, publicKeyOf } from './public-keys.js';
import { type Curve, CURVES, SignerUnavailable } from './signer.js';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** 128 MB and some hundred milliseconds a guess (OWASP Password Storage Cheat Sheet: N = 2^17). */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;

const base64 = z.string().regex(/^[A-Za-z\d+/]+={0,2}$/);

const shape = z.strictObject({
  version: z.literal(1),
  curve: z.enum(CURVES),
  address: z.string().min(32).max(44),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    n: z
      .int()
      .min(2)
      .max(2 ** 20),
    r: z.int().min(1).max(32),
    p: z.int().min(1).max(16),
    salt: base64,
  }),
  cipher: z.strictObject({
    name: z.literal(ALGORITHM),
    iv: base64,
    tag: base64,
    ciphertext: base64,
  }),
});

/** A private key that a passphrase opens: scrypt (RFC 7914) and AES-256-GCM over 32 bytes. */
export type KeyFile = z.infer<typeof shape>;

/** The key's curve and address are authenticated with it: a file that claims another one does not open. */
function boundTo({ version, curve, address }: Pick<KeyFile, 'version' | 'curve' | 'address'>) {
  return Buffer.from(`tickettoken key ${version} ${curve} ${address}`);
}

/** Encrypts a private key: a scalar of secp256k1, or the seed of ed25519; 32 bytes either way. */
export async function sealKey(
  curve: Curve,
  privateKey: Uint8Array,
  passphrase: string,
): Promise<KeyFile> {
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const address = addressOf(curve, publicKeyOf(curve, privateKey));
  const key = await derived(passphrase, { ...COST, salt });
  const cipher = createCipheriv(ALGORITHM, key, iv);
  cipher.setAAD(boundTo({ version: 1, curve, address }));
  const ciphertext = Buffer.concat([cipher.update(privateKey), cipher.final()]);
  const { N: n, r, p } = COST;
  return {
    version: 1,
    curve,
    address,
    kdf: { name: 'scrypt', n, r, p, salt: salt.toString('base64') },
    cipher: {
      name: ALGORITHM,
      iv: iv.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      ciphertext: ciphertext.toString('base64'),
    },
  };
}

/** The private key of 32 bytes. Throws `SignerUnavailable`. */
export async function openKey(file: KeyFile, passphrase: string): Promise<Buffer> {
  const { n, r, p, salt } = file.kdf;
  const parts = [file.cipher.iv, file.cipher.tag, file.cipher.ciphertext];
  const [iv, tag, ciphertext] = parts.map((part) => Buffer.from(part, 'base64'));
  const key = await derived(passphrase, { N: n, r, p, salt: Buffer.from(salt, 'base64') });
  try {
    const decipher = createDecipheriv(ALGORITHM, key, iv ?? key, { authTagLength: 16 });
    decipher.setAAD(boundTo(file));
    decipher.setAuthTag(tag ?? key);
    const opened = Buffer.concat([decipher.update(ciphertext ?? key), decipher.final()]);
    if (opened.length === KEY_BYTES) return opened;
  } catch {
    // What OpenSSL says of it helps nobody but who guesses.
  }
  throw new SignerUnavailable('the key file does not open: wrong passphrase, or changed bytes');
}

function derived(
  passphrase: string,
  { salt, ...cost }: { N: number; r: number; p: number; salt: Buffer },
): Promise<Buffer> {
  const maxmem = 256 * cost.N * cost.r;
  return derive(passphrase.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem });
}

/** Throws `SignerUnavailable` where there is no file, or none of this form; it never quotes it. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SignerUnavailable(`the key file cannot be read: ${code}`);
  });
  const parsed = shape.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new SignerUnavailable('the key file is none that npm run new-key has written');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Writes a new file that its owner alone can read; one that exists already is never replaced. */
export async function writeKeyFile(path: string, file: KeyFile): Promise<void> {
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
}
