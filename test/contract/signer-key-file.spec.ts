import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import {
  type Curve,
  CURVES,
  signerOf,
  SignerUnavailable,
} from '../../src/kernel/chain/signer/index.js';
import { type KeyFile, sealKey, writeKeyFile } from '../../src/kernel/chain/signer/key-file.js';
import { describeSigner } from './signer.js';

const PASSPHRASE = 'correct horse battery staple';
const folder = mkdtempSync(path.join(os.tmpdir(), 'tickettoken-keys-'));
const file = (name: string) => path.join(folder, `${name}.json`);
const privateKeys = { secp256k1: randomBytes(32), ed25519: randomBytes(32) };

beforeAll(async () => {
  for (const curve of CURVES) {
    await writeKeyFile(file(curve), await sealKey(curve, privateKeys[curve], PASSPHRASE));
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const signer = (curve: Curve, keyFile = file(curve), passphrase = PASSPHRASE) =>
  signerOf({ keyFile, passphrase }, curve, 1_000);

describeSigner('a key file', (curve) => signer(curve));

describe('a key file', () => {
  it.each(CURVES)('of %s signs the same payload with the same bytes', async (curve) => {
    const payload = randomBytes(32);
    const once = await signer(curve).sign(payload);
    expect(await signer(curve).sign(payload)).toEqual(once);
  });

  it('is readable by its owner alone, holds no key in the clear, and is never replaced', async () => {
    expect(statSync(file('secp256k1')).mode & 0o777).toBe(0o600);
    const text = readFileSync(file('secp256k1'), 'utf8');
    for (const encoding of ['hex', 'base64'] as const) {
      expect(text).not.toContain(privateKeys.secp256k1.toString(encoding));
    }
    const other = await sealKey('secp256k1', randomBytes(32), PASSPHRASE);
    await expect(writeKeyFile(file('secp256k1'), other)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  const changes: readonly [string, (kept: KeyFile) => unknown][] = [
    ['another address', (kept) => ({ ...kept, address: `0x${'1'.repeat(40)}` })],
    [
      'another salt',
      (kept) => ({ ...kept, kdf: { ...kept.kdf, salt: 'AAAAAAAAAAAAAAAAAAAAAA==' } }),
    ],
    [
      'another tag',
      (kept) => ({ ...kept, cipher: { ...kept.cipher, tag: 'AAAAAAAAAAAAAAAAAAAAAA==' } }),
    ],
    ['a tag cut short', (kept) => ({ ...kept, cipher: { ...kept.cipher, tag: 'AAAA' } })],
    ['another cost', (kept) => ({ ...kept, kdf: { ...kept.kdf, n: 2 ** 14 } })],
    ['a cost beyond all bounds', (kept) => ({ ...kept, kdf: { ...kept.kdf, n: 2 ** 30 } })],
    ['another version', (kept) => ({ ...kept, version: 2 })],
    ['no form at all', () => 'a key'],
  ];

  it.each(changes)('with %s does not open', async (_, change) => {
    const changed = path.join(folder, 'changed.json');
    const kept = JSON.parse(readFileSync(file('secp256k1'), 'utf8')) as KeyFile;
    writeFileSync(changed, JSON.stringify(change(kept)));
    await expect(signer('secp256k1', changed).address()).rejects.toThrow(SignerUnavailable);
  });

  it('does not open with another passphrase, nor for another curve, nor where there is none', async () => {
    const wrong = signer('ed25519', file('ed25519'), 'incorrect horse');
    await expect(wrong.sign(Buffer.from('x'))).rejects.toThrow('wrong passphrase');
    await expect(signer('ed25519', file('secp256k1')).address()).rejects.toThrow('not ed25519');
    await expect(signer('ed25519', file('gone')).address()).rejects.toThrow('ENOENT');
  });

  it('that was put right is read at the next try', async () => {
    const late = path.join(folder, 'late.json');
    const waiting = signer('ed25519', late);
    await expect(waiting.address()).rejects.toThrow(SignerUnavailable);
    writeFileSync(late, readFileSync(file('ed25519')));
    expect(await waiting.address()).toBe(await signer('ed25519').address());
  });

  it('shows nothing of key and passphrase when it is printed', async () => {
    const used = signer('secp256k1');
    await used.address();
    const printed = JSON.stringify(used) + inspect(used, { depth: 9 });
    expect(printed).not.toContain(privateKeys.secp256k1.toString('hex'));
    expect(printed).not.toContain(PASSPHRASE);
  });
});
