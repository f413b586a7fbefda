import type { SvmAccount } from './litesvm.js';

/** Accounts as they were before blocks that are not final yet: what reads of final state see. */
export class AccountVersions {
  private readonly versions = new Map<
    string,
    { readonly slot: number; readonly account: SvmAccount | null }[]
  >();
  private forgotten = -1;

  /** Notes what an account was before a transaction of this slot. */
  keep(address: string, slot: number, account: SvmAccount | null): void {
    const kept = this.versions.get(address) ?? [];
    kept.push({ slot, account });
    this.versions.set(address, kept);
  }

  /** The account after the block of this height; undefined: it has not changed since. */
  after(address: string, height: number): { readonly account: SvmAccount | null } | undefined {
    return this.versions.get(address)?.find(({ slot }) => slot > height);
  }

  /** Forgets what no read of a block from this height on can see. */
  forget(height: number): void {
    if (height <= this.forgotten) return;
    this.forgotten = height;
    for (const [address, kept] of this.versions) {
      const still = kept.filter(({ slot }) => slot > height);
      if (still.length === 0) this.versions.delete(address);
      else if (still.length < kept.length) this.versions.set(address, still);
    }
  }
}
