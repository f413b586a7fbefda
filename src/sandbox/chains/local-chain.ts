import type { ChainName } from '../../kernel/chain/chain-names.js';

export interface LocalChainOptions {
  /** Where it is kept. */
  readonly folder: string;
  /** Where its signer's key is kept. */
  readonly keyFile: string;
  /** Opens the key file. */
  readonly passphrase: string;
  /** Of its JSON-RPC. */
  readonly port: number;
}

/** What a script needs to know of a chain. */
export interface ChainFacts {
  readonly rpcUrl: string;
  /** `POLYGON_CHAIN_ID` or `SOLANA_CLUSTER`. */
  readonly network: string;
  /** The contract of the tokens, on Polygon. */
  readonly contract?: string;
  /** Who signs, pays, and keeps the tokens that nobody has claimed. */
  readonly custody: string;
}

/** A chain of one node on this machine, whose signer has coins. */
export interface LocalChain {
  readonly name: ChainName;
  readonly facts: ChainFacts;
  /** What an application uses it by, but for the passphrase. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it; the next one in its folder goes on where it was. */
  close(): Promise<void>;
}

/** How a chain is started. */
export interface LocalChainKind {
  readonly name: ChainName;
  /** Why there can be none, in a line; undefined where there can. */
  missing(): string | undefined;
  start(options: LocalChainOptions): Promise<LocalChain>;
}
