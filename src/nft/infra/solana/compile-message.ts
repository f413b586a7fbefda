import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { solanaAddressBytes } from '../../../kernel/chain/solana/index.js';

interface Account {
  readonly bytes: Buffer;
  isSigner: boolean;
  isWritable: boolean;
}

const VERSION_0 = 0x80;

/**
 * The message of a versioned transaction (v0) without lookup tables, byte for byte as web3.js writes
 * it, which compares every account with every other one in base 58.
 */
export function compileMessage(
  payer: PublicKey,
  blockhash: string,
  instructions: readonly TransactionInstruction[],
): Buffer {
  const accounts = new Map<string, Account>();
  const note = (key: PublicKey, isSigner: boolean, isWritable: boolean): string => {
    const bytes = key.toBuffer();
    const name = bytes.toString('latin1');
    const known = accounts.get(name) ?? { bytes, isSigner: false, isWritable: false };
    known.isSigner ||= isSigner;
    known.isWritable ||= isWritable;
    accounts.set(name, known);
    return name;
  };
  note(payer, true, true);
  const named = instructions.map(({ programId, keys, data }) => ({
    program: note(programId, false, false),
    keys: keys.map(({ pubkey, isSigner, isWritable }) => note(pubkey, isSigner, isWritable)),
    data,
  }));
  const ordered = [...accounts].sort(([, a], [, b]) => rank(a) - rank(b));
  const places = new Map(ordered.map(([name], place) => [name, place]));
  const all = ordered.map(([, account]) => account);
  const placeOf = (name: string) => places.get(name) ?? 0;
  return Buffer.concat([
    Buffer.of(
      VERSION_0,
      all.filter(({ isSigner }) => isSigner).length,
      all.filter(({ isSigner, isWritable }) => isSigner && !isWritable).length,
      all.filter(({ isSigner, isWritable }) => !isSigner && !isWritable).length,
    ),
    length(all.length),
    ...all.map(({ bytes }) => bytes),
    solanaAddressBytes(blockhash),
    length(named.length),
    ...named.flatMap(({ program, keys, data }) => [
      Buffer.of(placeOf(program)),
      length(keys.length),
      Buffer.from(keys.map(placeOf)),
      length(data.length),
      data,
    ]),
    length(0),
  ]);
}

/** Those that sign first, and among both kinds those that are written to. */
function rank({ isSigner, isWritable }: Account): number {
  return (isSigner ? 0 : 2) + (isWritable ? 0 : 1);
}

/** Seven bits a byte, lowest first, the highest bit says that more come. */
function length(value: number): Buffer {
  return value < 0x80 ? Buffer.of(value) : Buffer.of((value & 0x7f) | 0x80, value >> 7);
}
