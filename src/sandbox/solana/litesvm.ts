import { createRequire } from 'node:module';

/** An account as the virtual machine has it; a copy. */
export interface SvmAccount {
  data(): Uint8Array;
  executable(): boolean;
  lamports(): bigint;
  owner(): Uint8Array;
}

export interface SvmMetadata {
  computeUnitsConsumed(): bigint;
  logs(): string[];
}

/** A transaction that failed: `err` is a number when it was not even executed. */
export interface SvmFailure {
  err(): unknown;
  meta(): SvmMetadata;
}

/** The part of LiteSVM that is used. Malformed bytes end the whole process: check them first. */
export interface Svm {
  airdrop(address: Uint8Array, lamports: bigint): unknown;
  getAccount(address: Uint8Array): SvmAccount | null;
  getProgramAccounts(program: Uint8Array): { readonly address: Uint8Array }[];
  minimumBalanceForRentExemption(bytes: bigint): bigint;
  sendVersionedTransaction(bytes: Uint8Array): unknown;
  simulateVersionedTransaction(bytes: Uint8Array): unknown;
  setBlockhashCheck(on: boolean): void;
  setTransactionHistory(capacity: bigint): void;
  setClock(clock: object): void;
  toBytes(): Uint8Array;
}

export interface LiteSvmModule {
  LiteSvm: { new (): Svm; fromBytes(bytes: Uint8Array): Svm };
  FailedTransactionMetadata: new () => SvmFailure;
  Clock: new (
    slot: bigint,
    epochStartTimestamp: bigint,
    epoch: bigint,
    leaderScheduleEpoch: bigint,
    unixTimestamp: bigint,
  ) => object;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'litesvm-linux-x64-gnu',
};

/** The virtual machine of this platform; undefined when its optional package is not installed. */
export function loadLitesvm(): LiteSvmModule | undefined {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    return createRequire(import.meta.url)(name) as LiteSvmModule;
  } catch {
    return undefined;
  }
}
