import { createHash, generateKeyPairSync } from 'node:crypto';
import { Keypair, PublicKey } from '@solana/web3.js';
import { parseSolanaAddress, solanaAddressBytes } from './address.js';
import { toBase58 } from './base58.js';

describe('a Solana address', () => {
  it('is what a wallet has', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const bytes = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const address = toBase58(bytes);
    expect(parseSolanaAddress(address)).toBe(address);
    expect(solanaAddressBytes(address)).toEqual(bytes);
    const other = Keypair.generate().publicKey.toBase58();
    expect(parseSolanaAddress(other)).toBe(other);
  });

  it('is a point of the curve, as the chain itself decides it', () => {
    for (let n = 0; n < 200; n++) {
      const bytes = createHash('sha256').update(String(n)).digest();
      const isTaken = parseSolanaAddress(toBase58(bytes)) !== undefined;
      expect(isTaken).toBe(PublicKey.isOnCurve(bytes));
    }
  });

  it.each([
    ['0000000000000000000000000000000000000000000000000000000000000000'],
    ['0000000000000000000000000000000000000000000000000000000000000080'],
    ['0100000000000000000000000000000000000000000000000000000000000000'],
    ['ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
    ['c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
  ])('is not a point of small order, which everybody can sign for: %s', (hex) => {
    expect(parseSolanaAddress(toBase58(Buffer.from(hex, 'hex')))).toBeUndefined();
  });

  it('is not a second way to write a point', () => {
    const beyond = Buffer.from('f0'.padEnd(62, 'f') + '7f', 'hex');
    expect(parseSolanaAddress(toBase58(beyond))).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['another alphabet', '0OIl111111111111111111111111111111'],
    ['a byte too few', toBase58(Buffer.alloc(31, 7))],
    ['a byte too many', toBase58(Buffer.alloc(33, 7))],
    ['space around it', ` ${toBase58(Buffer.alloc(32, 7))}`],
    ['a signature', toBase58(Buffer.alloc(64, 7))],
  ])('is not %s', (_, text) => {
    expect(parseSolanaAddress(text)).toBeUndefined();
    expect(() => solanaAddressBytes(text)).toThrow();
  });
});
