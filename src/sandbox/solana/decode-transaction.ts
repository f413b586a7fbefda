import { toBase58 } from '../../kernel/chain/solana/index.js';
import { RpcError } from './rpc-error.js';

export interface DecodedInstruction {
  readonly program: string;
  readonly data: Buffer;
  /** Where program and accounts stand in the list of accounts. */
  readonly programIndex: number;
  readonly accountIndexes: readonly number[];
}

/** How many accounts sign, and how many of those that do and do not are only read. */
export interface MessageHeader {
  readonly numRequiredSignatures: number;
  readonly numReadonlySignedAccounts: number;
  readonly numReadonlyUnsignedAccounts: number;
}

export interface DecodedMessage {
  readonly version: 'legacy' | 0;
  readonly header: MessageHeader;
  readonly blockhash: string;
  /** All accounts, those that pay and sign first. */
  readonly accounts: readonly string[];
  readonly instructions: readonly DecodedInstruction[];
}

/** A transaction by its parts. */
export interface DecodedTransaction extends DecodedMessage {
  /** The first of them names the transaction. */
  readonly signatures: readonly string[];
}

const PACKET_BYTES = 1232;
const KEY = 32;
const SIGNATURE = 64;
const VERSIONED = 0x80;

/**
 * Reads a transaction in Solana's wire format, legacy or v0. Refuses what is cut off, too long, has
 * bytes to spare or points beyond its accounts, and address lookup tables, which are not emulated.
 */
export function decodeTransaction(bytes: Buffer): DecodedTransaction {
  if (bytes.length > PACKET_BYTES)
    throw malformed(`${bytes.length} bytes, at most ${PACKET_BYTES}`);
  const reader = new Reader(bytes);
  const signatures = reader.list(() => toBase58(reader.take(SIGNATURE)));
  const message = readMessage(reader);
  reader.end();
  if (signatures.length !== message.header.numRequiredSignatures) {
    throw malformed('signatures missing');
  }
  return { signatures, ...message };
}

/** The message alone, as `getFeeForMessage` takes it. */
export function decodeMessage(bytes: Buffer): DecodedMessage {
  const reader = new Reader(bytes);
  const message = readMessage(reader);
  reader.end();
  return message;
}

function readMessage(reader: Reader): DecodedMessage {
  const isVersioned = (reader.peek() & VERSIONED) !== 0;
  if (isVersioned && reader.byte() !== VERSIONED) throw malformed('an unknown version');
  const header = {
    numRequiredSignatures: reader.byte(),
    numReadonlySignedAccounts: reader.byte(),
    numReadonlyUnsignedAccounts: reader.byte(),
  };
  const accounts = reader.list(() => toBase58(reader.take(KEY)));
  if (!isPossible(header, accounts.length)) throw malformed('an impossible header');
  const blockhash = toBase58(reader.take(KEY));
  const instructions = reader.list(() => {
    const programIndex = reader.byte();
    const accountIndexes = reader.list(() => reader.byte());
    const data = reader.take(reader.length());
    const program = accounts[programIndex];
    if (program === undefined || accountIndexes.some((index) => index >= accounts.length)) {
      throw malformed('an account that is not listed');
    }
    return { program, data, programIndex, accountIndexes };
  });
  if (isVersioned && reader.length() > 0) throw malformed('address lookup tables');
  return { version: isVersioned ? 0 : 'legacy', header, accounts, blockhash, instructions };
}

function isPossible(header: MessageHeader, accounts: number): boolean {
  const { numRequiredSignatures: signers, numReadonlyUnsignedAccounts: readOnly } = header;
  return signers > header.numReadonlySignedAccounts && signers + readOnly <= accounts;
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  peek(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw malformed('cut off');
    return byte;
  }

  byte(): number {
    const byte = this.peek();
    this.at += 1;
    return byte;
  }

  take(count: number): Buffer {
    const taken = this.bytes.subarray(this.at, this.at + count);
    if (taken.length < count) throw malformed('cut off');
    this.at += count;
    return taken;
  }

  /** Seven bits a byte, lowest first, the highest bit says that more come; up to 16 bits. */
  length(): number {
    let value = 0;
    for (let shift = 0; shift < 21; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) !== 0) continue;
      if (byte === 0 && shift > 0) throw malformed('a length in more bytes than it takes');
      return value;
    }
    throw malformed('an endless length');
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: this.length() }, item);
  }

  end(): void {
    if (this.at !== this.bytes.length) throw malformed('bytes to spare');
  }
}

function malformed(what: string): RpcError {
  return new RpcError(-32_602, `invalid transaction: ${what}`);
}
