import { createHash, randomBytes } from 'node:crypto';
import { solanaAddressBytes, toBase58 } from '../../kernel/chain/solana/index.js';
import { AccountVersions } from './account-versions.js';
import { BlockClock, type Commitment } from './block-clock.js';
import { decodeTransaction, type DecodedTransaction } from './decode-transaction.js';
import { feeOf } from './fee.js';
import {
  type Airdrop,
  type Genesis,
  type LandedTransaction,
  LedgerFile,
  type LedgerRecord,
} from './ledger-file.js';
import type { LiteSvmModule, Svm, SvmAccount, SvmFailure, SvmMetadata } from './litesvm.js';
import { holdingOf, TOKEN_PROGRAMS } from './token-accounts.js';
import { transactionError, type TransactionError } from './transaction-error.js';

export interface LocalChainOptions {
  readonly folder: string | undefined;
  /** Of a chain that does not exist yet. */
  readonly slotMs: number;
  readonly finalityBlocks: number;
  readonly clock: () => number;
}

/** What a transaction would do, or did. */
export interface Execution {
  readonly error: TransactionError | null;
  /** False: no block takes it, and nobody pays. */
  readonly isExecuted: boolean;
  readonly units: number;
  readonly logs: readonly string[];
}

const SAVE_EVERY_RECORDS = 500;

/** One validator's chain: LiteSVM executes, a ledger remembers, a clock makes blocks. */
export class LocalChain {
  readonly genesisHash: string;
  readonly clock: BlockClock;
  private readonly landed = new Map<string, Airdrop | LandedTransaction>();
  private readonly versions = new AccountVersions();
  /** Mint → the accounts that hold or held its tokens. */
  private readonly holdings = new Map<string, Set<string>>();
  private readonly svm: Svm;
  private records: number;

  constructor(
    private readonly vm: LiteSvmModule,
    private readonly options: LocalChainOptions,
    private readonly file = LedgerFile.open(options.folder),
  ) {
    const records = file.read();
    const genesis = records.find((record) => record.kind === 'genesis') ?? this.found();
    this.genesisHash = genesis.hash;
    this.records = Math.max(records.length, 1);
    this.clock = new BlockClock({ ...options, ...genesis, genesisHash: genesis.hash });
    const [svm, done] = this.restore(records.length);
    this.svm = svm;
    svm.setBlockhashCheck(false);
    svm.setTransactionHistory(0n);
    for (const program of TOKEN_PROGRAMS) {
      const known = svm.getProgramAccounts(solanaAddressBytes(program));
      this.noteHoldings(known.map(({ address }) => toBase58(address)));
    }
    records.forEach((record, at) => {
      this.resume(record, at < done);
    });
  }

  get transactions(): readonly LandedTransaction[] {
    return [...this.landed.values()].filter((each) => each.kind === 'transaction');
  }

  get mints(): readonly string[] {
    return [...this.holdings.keys()];
  }

  find(signature: string): Airdrop | LandedTransaction | undefined {
    return this.landed.get(signature);
  }

  /** Null where there is none at this commitment. */
  account(address: string, commitment: Commitment): SvmAccount | null {
    const before = this.versions.after(address, this.clock.height(commitment));
    return before ? before.account : this.current(address);
  }

  holdingsOf(mint: string): readonly string[] {
    return [...(this.holdings.get(mint) ?? [])];
  }

  rentFor(bytes: number): number {
    return Number(this.svm.minimumBalanceForRentExemption(BigInt(bytes)));
  }

  simulate(bytes: Buffer): Execution {
    this.setClock(this.clock.height(), this.clock.timeNow());
    return this.executionOf(this.svm.simulateVersionedTransaction(bytes));
  }

  /** Puts a transaction into the newest block, unless it is in one, its block hash is old or nobody pays. */
  land(bytes: Buffer, decoded = decodeTransaction(bytes)): void {
    const [signature = ''] = decoded.signatures;
    if (this.landed.has(signature) || !this.clock.isRecent(decoded.blockhash)) return;
    const [slot, time] = [this.clock.height(), this.clock.timeNow()];
    const before = decoded.accounts.map((address) => this.current(address));
    const execution = this.execute(bytes, slot, time);
    if (!execution.isExecuted) return;
    this.versions.forget(this.clock.height('finalized'));
    decoded.accounts.forEach((address, at) => {
      this.versions.keep(address, slot, before[at] ?? null);
    });
    const record: LandedTransaction = {
      kind: 'transaction',
      signature,
      slot,
      time,
      bytes: bytes.toString('base64'),
      error: execution.error,
      fee: feeOf(decoded.signatures.length, decoded.instructions),
      units: execution.units,
      logs: execution.logs,
      before: before.map((account) => Number(account?.lamports() ?? 0n)),
      after: decoded.accounts.map((address) => Number(this.current(address)?.lamports() ?? 0n)),
    };
    this.remember(record);
    this.note(record, decoded);
  }

  /** Answers a signature that `find` knows. */
  airdrop(address: string, lamports: number): string {
    const record: Airdrop = {
      kind: 'airdrop',
      signature: toBase58(createHash('sha512').update(randomBytes(32)).digest()),
      slot: this.clock.height(),
      time: this.clock.timeNow(),
      address,
      lamports,
    };
    this.give(record);
    this.remember(record);
    this.landed.set(record.signature, record);
    return record.signature;
  }

  skip(blocks: number): void {
    this.clock.skip(blocks);
    this.remember({ kind: 'skip', blocks });
  }

  save(): void {
    this.file.saveState({ records: this.records, accounts: this.svm.toBytes() });
  }

  private found(): Genesis {
    const { slotMs, clock } = this.options;
    const hash = toBase58(randomBytes(32));
    const genesis: Genesis = { kind: 'genesis', hash, startedAt: clock(), slotMs };
    this.file.append(genesis);
    return genesis;
  }

  /** The accounts that were saved, and how many records they hold; empty ones where that fails. */
  private restore(records: number): [svm: Svm, done: number] {
    const saved = this.file.savedState();
    if (saved && saved.records <= records) {
      try {
        return [this.vm.LiteSvm.fromBytes(saved.accounts), saved.records];
      } catch {
        // Of another version of LiteSVM: everything is done again instead.
      }
    }
    return [new this.vm.LiteSvm(), 0];
  }

  private resume(record: LedgerRecord, isDone: boolean): void {
    if (record.kind === 'skip') this.clock.skip(record.blocks);
    if (record.kind === 'airdrop') {
      if (!isDone) this.give(record);
      this.landed.set(record.signature, record);
    }
    if (record.kind === 'transaction') {
      const bytes = Buffer.from(record.bytes, 'base64');
      if (!isDone) this.execute(bytes, record.slot, record.time);
      this.note(record, decodeTransaction(bytes));
    }
  }

  private note(record: LandedTransaction, { accounts }: DecodedTransaction): void {
    this.landed.set(record.signature, record);
    this.noteHoldings(accounts);
  }

  private noteHoldings(addresses: readonly string[]): void {
    for (const address of addresses) {
      const account = this.current(address);
      if (!account || !TOKEN_PROGRAMS.includes(toBase58(account.owner()))) continue;
      const holding = holdingOf(account.data());
      if (!holding) continue;
      const known = this.holdings.get(holding.mint) ?? new Set();
      this.holdings.set(holding.mint, known.add(address));
    }
  }

  private give({ address, lamports, slot, time }: Airdrop): void {
    this.setClock(slot, time);
    this.svm.airdrop(solanaAddressBytes(address), BigInt(lamports));
  }

  private execute(bytes: Buffer, slot: number, time: number): Execution {
    this.setClock(slot, time);
    return this.executionOf(this.svm.sendVersionedTransaction(bytes));
  }

  private executionOf(outcome: unknown): Execution {
    if (!(outcome instanceof this.vm.FailedTransactionMetadata)) {
      const metadata = hasMetadata(outcome) ? outcome.meta() : (outcome as SvmMetadata);
      return { ...factsOf(metadata), error: null, isExecuted: true };
    }
    const failure: SvmFailure = outcome;
    const error = failure.err();
    return {
      ...factsOf(failure.meta()),
      error: transactionError(error),
      isExecuted: typeof error !== 'number',
    };
  }

  private setClock(slot: number, time: number): void {
    this.svm.setClock(new this.vm.Clock(BigInt(slot), 0n, 0n, 0n, BigInt(time)));
  }

  private current(address: string): SvmAccount | null {
    return this.svm.getAccount(solanaAddressBytes(address));
  }

  private remember(record: LedgerRecord): void {
    this.file.append(record);
    this.records += 1;
    if (this.records % SAVE_EVERY_RECORDS === 0) this.save();
  }
}

function hasMetadata(outcome: unknown): outcome is { meta(): SvmMetadata } {
  return typeof outcome === 'object' && outcome !== null && 'meta' in outcome;
}

function factsOf(metadata: SvmMetadata) {
  return { units: Number(metadata.computeUnitsConsumed()), logs: metadata.logs() };
}
