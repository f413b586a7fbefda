import { fromBase58 } from './base58.js';

const KEY_BYTES = 32;
const P = 2n ** 255n - 19n;
const D = mod(-121_665n * power(121_666n, P - 2n));

/** y of the points whose order divides 8: nobody's keys; y = 0 is the system program's address. */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  P - 1n,
  littleEndian(
    Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex'),
  ),
  littleEndian(
    Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex'),
  ),
]);

/**
 * A wallet's address: 32 bytes in base 58 that are a point of ed25519 (RFC 8032, section 5.1.3), so
 * that somebody may hold its key. Addresses of programs and of the accounts they derive are not;
 * what is sent there would be lost. Undefined for those and for anything else.
 */
export function parseSolanaAddress(text: string): string | undefined {
  const bytes = fromBase58(text, KEY_BYTES);
  return bytes !== undefined && isWalletKey(bytes) ? text : undefined;
}

/** The 32 bytes of an address that is known to be one. */
export function solanaAddressBytes(address: string): Buffer {
  const bytes = fromBase58(address, KEY_BYTES);
  if (bytes === undefined) throw new Error(`not a Solana address: ${address}`);
  return bytes;
}

/**
 * Is it a point of the curve? An address that a program derives must not be one, so that nobody has
 * its key.
 */
export function isOnCurve(key: Buffer): boolean {
  const y = yOf(key) % P;
  const square = mod(y * y);
  // x² = (y² − 1) / (d y² + 1) has a root exactly if numerator × denominator is a square.
  return jacobi(mod((square - 1n) * (D * square + 1n)), P) !== -1;
}

function isWalletKey(key: Buffer): boolean {
  const y = yOf(key);
  return y < P && !SMALL_ORDER.has(y) && isOnCurve(key);
}

/** The point's y, without the sign of its x. */
function yOf(key: Buffer): bigint {
  const withoutSign = Buffer.from(key);
  withoutSign[KEY_BYTES - 1] = (key[KEY_BYTES - 1] ?? 0) & 0x7f;
  return littleEndian(withoutSign);
}

/** The Jacobi symbol; for a prime −1 says that the value is no square. Far quicker than a power. */
function jacobi(value: bigint, modulus: bigint): number {
  let [a, n, symbol] = [value, modulus, 1];
  while (a !== 0n) {
    while ((a & 1n) === 0n) {
      a >>= 1n;
      const eighth = n & 7n;
      if (eighth === 3n || eighth === 5n) symbol = -symbol;
    }
    if ((a & 3n) === 3n && (n & 3n) === 3n) symbol = -symbol;
    [a, n] = [n % a, a];
  }
  return n === 1n ? symbol : 0;
}

function littleEndian(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let bits = exponent; bits > 0n; bits >>= 1n) {
    if ((bits & 1n) === 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
