import type { ChainName } from '../../src/kernel/chain/chain-names.js';
import { startPolygon } from '../../src/sandbox/polygon/index.js';
import { startSolana } from '../../src/sandbox/solana/index.js';
import { answerParent } from './child.js';

export type LocalChainQuestion =
  | { readonly open: { chain: ChainName; folder: string; fund: string | null } }
  | { readonly minted: true }
  | { readonly close: true };

/** What a client of the chain has to know. */
export interface ChainFacts {
  readonly rpcUrl: string;
  /** Polygon's TicketNFT; empty on Solana. */
  readonly contract: string;
}

interface OpenChain extends ChainFacts {
  /** Every token, as often as it was made. */
  minted(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const LAMPORTS = 1_000_000_000_000;

let opened: Promise<OpenChain> | undefined;

async function answer(question: LocalChainQuestion): Promise<ChainFacts | readonly string[]> {
  if ('open' in question) {
    const { chain, folder, fund } = question.open;
    opened = chain === 'polygon' ? openPolygon(folder) : openSolana(folder, fund);
    const { rpcUrl, contract } = await opened;
    return { rpcUrl, contract };
  }
  const open = await opened;
  if (!open) throw new Error('the chain is not open');
  if ('minted' in question) return open.minted();
  await close();
  return [];
}

async function close(): Promise<void> {
  const open = await opened;
  opened = undefined;
  await open?.close();
}

answerParent(answer, close);

async function openPolygon(folder: string): Promise<OpenChain> {
  const chain = await startPolygon({ folder });
  return {
    rpcUrl: chain.rpcUrl,
    contract: chain.contract,
    minted: async () =>
      (await chain.tokens()).flatMap(({ tokenId, mints }) =>
        Array.from({ length: mints }, () => tokenId),
      ),
    close: () => chain.close(),
  };
}

async function openSolana(folder: string, fund: string | null): Promise<OpenChain> {
  const chain = await startSolana({ folder });
  if (fund !== null) chain.fund(fund, LAMPORTS);
  return {
    rpcUrl: chain.rpcUrl,
    contract: '',
    minted: () =>
      Promise.resolve(
        chain
          .tokens()
          .flatMap(({ mint, supply }) => Array.from({ length: Number(supply) }, () => mint)),
      ),
    close: () => chain.close(),
  };
}
