import type { ChainName, TicketChain } from './ticket-chain.js';

/** How a configured chain is made, and whether this process has what signs on it. */
export interface ChainSource {
  readonly signs: boolean;
  readonly load: () => Promise<TicketChain>;
}

/** The chains that this process is configured for; each is made, with its libraries, at its first use. */
export class TicketChains {
  private readonly made = new Map<ChainName, Promise<TicketChain>>();

  constructor(private readonly sources: ReadonlyMap<ChainName, ChainSource>) {}

  get names(): readonly ChainName[] {
    return [...this.sources.keys()];
  }

  /** Is there any? Without one nothing is minted, and nobody listens to what is sold. */
  get configured(): boolean {
    return this.sources.size > 0;
  }

  /** Those on which this process can mint. */
  get signing(): readonly ChainName[] {
    return this.names.filter((name) => this.sources.get(name)?.signs);
  }

  /** Null: the chain is not configured here. */
  async of(name: ChainName): Promise<TicketChain | null> {
    const source = this.sources.get(name);
    if (!source) return null;
    const making = this.made.get(name) ?? source.load();
    this.made.set(name, making);
    try {
      return await making;
    } catch (error) {
      this.made.delete(name);
      throw error;
    }
  }
}
