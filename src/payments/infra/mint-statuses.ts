import type { Uuid } from '../../kernel/ids.js';

/** How far the tokens of a payment are. */
export interface MintStatus {
  /** Of all of them: `queued`, `minting`, `completed`, `failed`, `revoked` … */
  readonly status: string;
  /** Whole percent of the tickets that need nothing more. */
  readonly progress: number;
  /** Hash or signature, where one transaction covers all tickets. */
  readonly transactionHash: string | null;
  /** That transaction's page in an explorer; null on a network that has none. */
  readonly explorerUrl: string | null;
  readonly tickets: readonly TicketMintStatus[];
}

export interface TicketMintStatus {
  readonly ticketId: Uuid;
  readonly status: string;
  /** Polygon: decimal digits. Solana: the mint account's address. */
  readonly tokenId: string | null;
  readonly transactionHash: string | null;
  readonly explorerUrl: string | null;
}

/**
 * Where payments learn what became of their tokens. Whoever mints provides it, globally; without
 * anybody who does, a payment says only what is to be expected.
 */
export abstract class MintStatuses {
  /** Null: nobody has begun with this payment's tokens. */
  abstract of(tenantId: Uuid, paymentId: Uuid): Promise<MintStatus | null>;
}
