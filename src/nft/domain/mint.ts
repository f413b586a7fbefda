/** Where a ticket's token stands; what may follow what is `MINT_TRANSITIONS`. */
export const MINT_STATUSES = [
  'queued',
  'minting',
  'minted',
  'failed',
  'cancelled',
  'revoking',
  'revocation_failed',
  'revoked',
] as const;
export type MintStatus = (typeof MINT_STATUSES)[number];

/**
 * Every step that a ticket may take. What was refunded before its token was begun, or of which there
 * never was one, is `cancelled`; a token once `minted` is never minted again, whatever becomes of it.
 */
export const MINT_TRANSITIONS: Readonly<Record<MintStatus, readonly MintStatus[]>> = {
  queued: ['minting', 'cancelled'],
  minting: ['minted', 'failed'],
  minted: ['revoking'],
  failed: ['queued', 'revoking'],
  cancelled: [],
  revoking: ['revoked', 'cancelled', 'revocation_failed'],
  revocation_failed: ['revoking'],
  revoked: [],
};

export const PRIORITIES = ['standard', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

const HOUR_MS = 3_600_000;

/**
 * How soon a token is wanted: less than two hours before the event it is urgent, less than a day
 * before it high (Payment service spec, Bull Queues). `startsAt` is an instant, ISO 8601; null: unknown.
 */
export function priorityOf(startsAt: string | null, at: Date): Priority {
  if (startsAt === null) return 'standard';
  const left = Date.parse(startsAt) - at.getTime();
  if (left < 2 * HOUR_MS) return 'urgent';
  return left < 24 * HOUR_MS ? 'high' : 'standard';
}

/** Seconds that a token waits for others to share a transaction with. */
export const LONGEST_WAIT_SECONDS: Readonly<Record<Priority, number>> = {
  standard: 10,
  high: 3,
  urgent: 0,
};

/** Tickets a job at most (Payment service spec, Bull Queues). */
export const BATCH_SIZE = { polygon: 100, solana: 50 } as const;

/** Bytes of a token's name on Solana (Metaplex's limit, which wallets keep to). */
const NAME_BYTES = 32;

/** The name of a token: its event's, cut at a character where it is too long for a chain. */
export function tokenName(eventName: string): string {
  let name = '';
  let bytes = 0;
  for (const character of eventName.trim()) {
    bytes += Buffer.byteLength(character);
    if (bytes > NAME_BYTES) break;
    name += character;
  }
  return name.trimEnd() || 'Ticket';
}
