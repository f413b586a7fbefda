import { createHash } from 'node:crypto';
import { toBase58 } from '../../kernel/chain/solana/index.js';

/** So many blocks after its own a block hash may still be named. */
export const BLOCKHASH_LIFETIME = 150;

export type Commitment = 'confirmed' | 'finalized' | 'processed';

export interface BlockClockOptions {
  /** First block's hash, base 58; all others follow from it. */
  readonly genesisHash: string;
  /** Unix time in milliseconds of the first block. */
  readonly startedAt: number;
  readonly slotMs: number;
  /** Blocks on top of one until it is final. */
  readonly finalityBlocks: number;
  readonly clock: () => number;
}

/**
 * Blocks come by time alone, every `slotMs`, whether anybody has sent anything or not, and no slot is
 * skipped: slot and block height are the same number.
 */
export class BlockClock {
  private skipped = 0;
  private newest = 0;
  private readonly heights = new Map<string, number>();

  constructor(private readonly options: BlockClockOptions) {}

  get finalityBlocks(): number {
    return this.options.finalityBlocks;
  }

  /** The newest block at a commitment; one that was told is never taken back. */
  height(commitment: Commitment = 'processed'): number {
    const { startedAt, slotMs, clock } = this.options;
    const byTime = Math.max(0, Math.floor((clock() - startedAt) / slotMs));
    this.newest = Math.max(this.newest, 1 + byTime + this.skipped);
    return Math.max(0, this.newest - this.lag(commitment));
  }

  /** Blocks that come at once, with nothing in them. */
  skip(blocks: number): void {
    this.skipped += blocks;
  }

  blockhash(height: number): string {
    const hash = toBase58(
      createHash('sha256').update(`${this.options.genesisHash}:${height}`).digest(),
    );
    if (this.heights.size > 10 * BLOCKHASH_LIFETIME) this.heights.clear();
    this.heights.set(hash, height);
    return hash;
  }

  /** May a transaction of the newest block name this hash? */
  isRecent(blockhash: string): boolean {
    const newest = this.height();
    const known = this.heights.get(blockhash);
    if (known !== undefined) return known + BLOCKHASH_LIFETIME >= newest;
    this.heights.clear();
    for (let height = Math.max(0, newest - BLOCKHASH_LIFETIME); height <= newest; height++) {
      this.blockhash(height);
    }
    return this.heights.has(blockhash);
  }

  /** Unix time of a block, in seconds. */
  timeNow(): number {
    return Math.floor(this.options.clock() / 1000);
  }

  private lag(commitment: Commitment): number {
    const { finalityBlocks } = this.options;
    if (commitment === 'processed') return 0;
    return commitment === 'finalized' ? finalityBlocks : Math.min(1, finalityBlocks);
  }
}
