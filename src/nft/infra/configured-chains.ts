import type { FactoryProvider } from '@nestjs/common';
import { type ChainsConfig, CONFIG, type Config } from '../../kernel/config/index.js';
import type { ChainName } from './ticket-chain.js';
import { type ChainSource, TicketChains } from './ticket-chains.js';

/** The chains of the configuration. Nothing of a chain is loaded before somebody asks for it. */
export const TICKET_CHAINS: FactoryProvider<TicketChains> = {
  provide: TicketChains,
  inject: [CONFIG],
  useFactory: ({ chains, role }: Pick<Config, 'chains' | 'role'>) =>
    new TicketChains(sourcesOf(chains, role !== 'api')),
};

function sourcesOf(config: ChainsConfig, works: boolean): ReadonlyMap<ChainName, ChainSource> {
  const { polygon, solana, timeoutMs } = config;
  const sources = new Map<ChainName, ChainSource>();
  if (polygon) {
    const signs = works && polygon.signer !== undefined;
    const load = async () => {
      const { polygonChain } = await import('./polygon/index.js');
      return polygonChain(polygon, timeoutMs);
    };
    sources.set('polygon', { signs, load });
  }
  if (solana) {
    const signs = works && solana.signer !== undefined;
    const load = async () => {
      const { solanaChain } = await import('./solana/index.js');
      return solanaChain(solana, timeoutMs);
    };
    sources.set('solana', { signs, load });
  }
  return sources;
}
