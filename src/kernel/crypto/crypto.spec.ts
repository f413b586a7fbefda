import fc from 'fast-check';
import { constantTimeEqual } from './constant-time.js';
import { SignedTokens } from './signed-token.js';
import { Vault, VaultError } from './vault.js';

const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });

describe('Vault', () => {
  const old = new Vault([key('k1', 1)]);
  const rotated = new Vault([key('k2', 2), key('k1', 1)]);

  it('opens what it sealed, for any text and context', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
        expect(old.decrypt(old.encrypt(text, context), context)).toBe(text);
      }),
    );
  });

  it('never seals the same text to the same bytes, nor shows it', () => {
    const [a, b] = [old.encrypt('ada@example.com', 'c'), old.encrypt('ada@example.com', 'c')];
    expect(a.ciphertext.equals(b.ciphertext)).toBe(false);
    expect(a.ciphertext.includes('ada@')).toBe(false);
  });

  it('seals with the first key and opens with any', () => {
    const sealed = old.encrypt('ada', 'c');
    expect(rotated.decrypt(sealed, 'c')).toBe('ada');
    expect(rotated.olderKeys).toEqual([sealed.keyId]);
    expect(rotated.encrypt('ada', 'c').keyId).toBe('k2');
  });

  it('refuses another context, a changed bit anywhere, a cut text and an unknown key', () => {
    const sealed = old.encrypt('ada', 'tenant-1');
    expect(() => old.decrypt(sealed, 'tenant-2')).toThrow(VaultError);
    for (let at = 0; at < sealed.ciphertext.length; at++) {
      const ciphertext = Buffer.from(sealed.ciphertext);
      ciphertext.writeUInt8(ciphertext.readUInt8(at) ^ 1, at);
      expect(() => old.decrypt({ ...sealed, ciphertext }, 'tenant-1')).toThrow(VaultError);
    }
    const cut = { ...sealed, ciphertext: sealed.ciphertext.subarray(0, 20) };
    expect(() => old.decrypt(cut, 'tenant-1')).toThrow('cut short');
    expect(() => old.decrypt({ ...sealed, keyId: 'k9' }, 'tenant-1')).toThrow('k9');
  });

  it('refuses a ring that is empty, ambiguous or weak', () => {
    expect(() => new Vault([])).toThrow(VaultError);
    expect(() => new Vault([key('k1', 1), key('k1', 2)])).toThrow(VaultError);
    expect(() => new Vault([{ id: 'k1', key: Buffer.alloc(16) }])).toThrow(VaultError);
  });
});

describe('SignedTokens', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const later = new Date('2026-01-01T00:10:00Z');
  const quotes = new SignedTokens('quote', ['secret-b', 'secret-a']);
  const claims = { total: 11845, lines: ['a', 'ž'] };

  it('gives back what was signed until the instant it expires', () => {
    const token = quotes.sign(claims, later);
    expect(token).toMatch(/^[\w-]+\.[\w-]+$/);
    expect(quotes.read(token, now)).toEqual({ outcome: 'valid', claims });
    expect(quotes.read(token, new Date(later.getTime() - 1)).outcome).toBe('valid');
    expect(quotes.read(token, later)).toEqual({ outcome: 'expired' });
  });

  it('verifies older secrets and signs with the first', () => {
    const byOld = new SignedTokens('quote', ['secret-a']);
    expect(quotes.read(byOld.sign(claims, later), now).outcome).toBe('valid');
    expect(byOld.read(quotes.sign(claims, later), now).outcome).toBe('invalid');
  });

  it('refuses another purpose, another secret and any change', () => {
    const token = quotes.sign(claims, later);
    expect(new SignedTokens('link', ['secret-b']).read(token, now).outcome).toBe('invalid');
    expect(new SignedTokens('quote', ['secret-c']).read(token, now).outcome).toBe('invalid');
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      // The last character of base64url holds unused bits; the MAC is compared as text all the same.
      expect(quotes.read(changed, now).outcome).toBe('invalid');
    }
  });

  it('answers rubbish without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(quotes.read(text, now)).toEqual({ outcome: 'invalid' });
      }),
    );
    expect(quotes.read('a'.repeat(100_000), now).outcome).toBe('invalid');
  });

  it('needs a secret', () => {
    expect(() => new SignedTokens('quote', [])).toThrow('quote');
  });
});

describe('constantTimeEqual', () => {
  it('is equality', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(constantTimeEqual(a, b)).toBe(a === b);
        expect(constantTimeEqual(a, a)).toBe(true);
      }),
    );
  });
});
