import '../refuse-production.js';
import type { ChainName } from '../../kernel/chain/chain-names.js';
import { allOrNone } from '../all-or-none.js';
import type { ChainFacts, LocalChainKind } from './local-chain.js';
import { localPolygon } from './local-polygon.js';
import { localSolana } from './local-solana.js';

export interface ChainsOptions {
  readonly folders: Readonly<Record<ChainName, string>>;
  /** Of the signers' sealed keys. */
  readonly keyFiles: Readonly<Record<ChainName, string>>;
  readonly ports: Readonly<Record<ChainName, number>>;
  /** Opens the key files. */
  readonly passphrase: string;
}

/** Which chains run here, and why another one does not. */
export interface ChainsDescription {
  readonly polygon?: ChainFacts;
  readonly solana?: ChainFacts;
  /** A line for each chain that is not here. */
  readonly missing: readonly string[];
}

export interface Chains {
  /** What makes an application use them. */
  readonly env: Readonly<Record<string, string>>;
  readonly description: ChainsDescription;
  close(): Promise<void>;
}

const KINDS: readonly LocalChainKind[] = [localPolygon, localSolana];

/**
 * Starts a local Polygon and a local Solana, or takes them up where they were. Does without one whose
 * program npm has not installed for this platform.
 */
export async function startChains(
  { folders, keyFiles, ports, passphrase }: ChainsOptions,
  kinds = KINDS,
): Promise<Chains> {
  const missing = kinds.flatMap((kind) => kind.missing() ?? []);
  const present = kinds.filter((kind) => kind.missing() === undefined);
  const chains = await allOrNone(
    ...present.map((kind) => {
      const { name } = kind;
      const kept = { folder: folders[name], keyFile: keyFiles[name] };
      return kind.start({ ...kept, passphrase, port: ports[name] });
    }),
  );
  const facts = Object.fromEntries(chains.map((chain) => [chain.name, chain.facts]));
  return {
    env: Object.assign(
      {},
      ...chains.map(({ env }) => env),
      chains.length > 0 && { CHAIN_KEY_PASSPHRASE: passphrase },
    ) as Record<string, string>,
    description: { ...facts, missing },
    close: async () => {
      await Promise.all(chains.map((chain) => chain.close()));
    },
  };
}
