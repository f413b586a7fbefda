import type { MintStatus } from './mint.js';

/** How a ticket's token is named to buyers. */
const NAMES: Readonly<Record<MintStatus, string>> = {
  queued: 'queued',
  minting: 'minting',
  minted: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  revoking: 'revoking',
  revocation_failed: 'revoking',
  revoked: 'revoked',
};

export function statusName(status: MintStatus): string {
  return NAMES[status];
}

/** What is left to do comes first: all of them are as far as the one that is least far. */
const ORDER = ['failed', 'queued', 'minting', 'revoking', 'completed', 'revoked', 'cancelled'];

/** A payment's tokens together: their status, and the whole percent that need nothing more. */
export interface MintProgress {
  readonly status: string;
  readonly progress: number;
}

/** Throws on none: a payment without any has no progress. */
export function progressOf(statuses: readonly MintStatus[]): MintProgress {
  const names = statuses.map(statusName);
  const status = ORDER.find((name) => names.includes(name));
  if (status === undefined) throw new Error('there is no token to tell of');
  const ended = names.filter((name) => ['completed', 'revoked', 'cancelled'].includes(name));
  return { status, progress: Math.floor((ended.length * 100) / names.length) };
}
