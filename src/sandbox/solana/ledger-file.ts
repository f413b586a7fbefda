import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { TransactionError } from './transaction-error.js';

/** A transaction in a block, whether it did what it should or failed. Lamports. */
export interface LandedTransaction {
  readonly kind: 'transaction';
  readonly signature: string;
  readonly slot: number;
  /** Unix seconds. */
  readonly time: number;
  /** base64 */
  readonly bytes: string;
  readonly error: TransactionError | null;
  readonly fee: number;
  readonly units: number;
  readonly logs: readonly string[];
  /** What each of its accounts had before and after. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Lamports from nowhere. */
export interface Airdrop {
  readonly kind: 'airdrop';
  readonly signature: string;
  readonly slot: number;
  readonly time: number;
  readonly address: string;
  readonly lamports: number;
}

export interface Genesis {
  readonly kind: 'genesis';
  readonly hash: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly slotMs: number;
}

export type LedgerRecord =
  Airdrop | Genesis | LandedTransaction | { readonly kind: 'skip'; readonly blocks: number };

/** All accounts after so many records of the ledger. */
export interface SavedState {
  readonly records: number;
  readonly accounts: Uint8Array;
}

const HEADER_BYTES = 8;

/**
 * What happened on the chain, a line each, written before it is told: a killed emulator forgets
 * nothing. `accounts.bin` spares a start to do everything again. Without a folder nothing is kept.
 */
export class LedgerFile {
  private constructor(private readonly folder: string | undefined) {}

  static open(folder: string | undefined): LedgerFile {
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
    return new LedgerFile(folder);
  }

  /** A last line that was not finished is dropped. */
  read(): LedgerRecord[] {
    const file = this.file('ledger.jsonl');
    if (file === undefined || !existsSync(file)) return [];
    const bytes = readFileSync(file);
    const whole = bytes.lastIndexOf('\n') + 1;
    if (whole < bytes.length) truncateSync(file, whole);
    const lines = bytes.subarray(0, whole).toString().split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LedgerRecord);
  }

  append(record: LedgerRecord): void {
    const file = this.file('ledger.jsonl');
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  }

  savedState(): SavedState | undefined {
    const file = this.file('accounts.bin');
    if (file === undefined || !existsSync(file)) return undefined;
    const bytes = readFileSync(file);
    return {
      records: Number(bytes.readBigUInt64LE()),
      accounts: bytes.subarray(HEADER_BYTES),
    };
  }

  saveState({ records, accounts }: SavedState): void {
    const file = this.file('accounts.bin');
    if (file === undefined) return;
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeBigUInt64LE(BigInt(records));
    writeFileSync(`${file}.part`, Buffer.concat([header, accounts]), { mode: 0o600 });
    renameSync(`${file}.part`, file);
  }

  private file(name: string): string | undefined {
    return this.folder === undefined ? undefined : path.join(this.folder, name);
  }
}
