import type { ChainName } from '../chain-names.js';
import type { CongestionLevel } from './congestion.js';

/** What a chain would take now for one ticket, by its own node. */
export interface GasReading {
  /** Minting one ticket of a batch, in wei or lamports. */
  readonly feePerTicket: bigint;
  readonly congestionLevel: CongestionLevel;
}

/** Where the oracle learns of one chain's fees. Throws `ChainUnavailable`. */
export interface GasSource {
  readonly chain: ChainName;
  read(): Promise<GasReading>;
}
