import { canonicalWallet } from './wallet-address.js';

const CHECKSUMMED = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

describe('a wallet on Polygon', () => {
  it('has a checksum in its canonical form, with or without one as it came', () => {
    expect(canonicalWallet('polygon', CHECKSUMMED)).toBe(CHECKSUMMED);
    expect(canonicalWallet('polygon', CHECKSUMMED.toLowerCase())).toBe(CHECKSUMMED);
  });

  it.each([
    ['a wrong checksum', CHECKSUMMED.replace('Aed', 'AeD')],
    ['nobody', `0x${'0'.repeat(40)}`],
    ['a digit too few', CHECKSUMMED.slice(0, -1)],
    ['no 0x', CHECKSUMMED.slice(2)],
    ['an ICAP address', 'XE65GB6LDNXYOFTX0NSV3FUWKOWIXAMJK36'],
    ['a wallet of Solana', '7mYGg5nquJBxigBjkcajtwXU3ZtSbmdcNK4oYAVsfTcB'],
  ])('is not %s', (_, address) => {
    expect(canonicalWallet('polygon', address)).toBeUndefined();
  });
});

describe('a wallet on Solana', () => {
  const wallet = '7mYGg5nquJBxigBjkcajtwXU3ZtSbmdcNK4oYAVsfTcB';

  it('is a point on the curve', () => {
    expect(canonicalWallet('solana', wallet)).toBe(wallet);
  });

  it.each([
    ['nobody: the system program', '1'.repeat(32)],
    ['an account of a program, off the curve', 'AmFwtxJFNPV9AQYQzLBAqyhEy7ecArWmA2a4VbkvZBDV'],
    ['a character too few', wallet.slice(0, -1).slice(0, 30)],
    ['other characters', wallet.replace('7', '0')],
    ['a wallet of Polygon', CHECKSUMMED],
  ])('is not %s', (_, address) => {
    expect(canonicalWallet('solana', address)).toBeUndefined();
  });
});
