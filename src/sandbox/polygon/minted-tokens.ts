import { ethers } from '../../kernel/chain/polygon/index.js';
import type { AnvilRpc } from './anvil-rpc.js';

/** What the chain itself says of a token. */
export interface MintedToken {
  /** Decimal digits. */
  readonly tokenId: string;
  /** How often it was made; more than once would be a fault of the contract. */
  readonly mints: number;
  /** Null: burned. */
  readonly owner: string | null;
}

interface Log {
  readonly topics: readonly string[];
}

/** Every token the contract ever made, read from its events from the first block to the last. */
export async function mintedTokens(rpc: AnvilRpc, contract: string): Promise<MintedToken[]> {
  const { dataSlice, getAddress, id, ZeroAddress } = ethers();
  const filter = {
    address: contract,
    fromBlock: '0x0',
    toBlock: 'latest',
    topics: [id('Transfer(address,address,uint256)')],
  };
  const tokens = new Map<string, MintedToken>();
  for (const { topics } of (await rpc('eth_getLogs', filter)) as readonly Log[]) {
    const [, from = '0x', to = '0x', token = '0x0'] = topics;
    const tokenId = BigInt(token).toString();
    const wasMinted = getAddress(dataSlice(from, 12)) === ZeroAddress;
    const owner = getAddress(dataSlice(to, 12));
    tokens.set(tokenId, {
      tokenId,
      mints: (tokens.get(tokenId)?.mints ?? 0) + (wasMinted ? 1 : 0),
      owner: owner === ZeroAddress ? null : owner,
    });
  }
  return [...tokens.values()];
}
