import type { Interface } from 'ethers';
import { ChainUnavailable } from '../../../kernel/chain/chain-unavailable.js';
import {
  ethers,
  type EvmCall,
  NodeRefusal,
  type PolygonNode,
} from '../../../kernel/chain/polygon/index.js';
import type { TokenOrder } from '../ticket-chain.js';
import { TICKET_NFT } from './contract/ticket-nft.artefact.js';
import { polygonTokenId } from './token-id.js';

/** What holds a token: an address, nobody yet, or nobody ever again. */
export type Holder = `0x${string}` | null | 'burned';

/** What names an error or a function, with `0x`. */
const SELECTOR_CHARACTERS = 10;

let known: Interface | undefined;

/** How the contract is called; built at the first use. */
export function ticketNft(): Interface {
  known ??= new (ethers().Interface)(TICKET_NFT.abi);
  return known;
}

/** The URIs that the contract must keep, '' for those that follow from its own; none when all do. */
export function ownUris(orders: readonly TokenOrder[], baseUri: string): readonly string[] {
  const uris = orders.map(({ ticketId, uri }) =>
    uri === `${baseUri}${polygonTokenId(ticketId)}` ? '' : uri,
  );
  return uris.every((uri) => uri === '') ? [] : uris;
}

export function encodeMint(orders: readonly TokenOrder[], uris: readonly string[]): string {
  const owners = orders.map(({ owner }) => owner);
  const tokenIds = orders.map(({ ticketId }) => polygonTokenId(ticketId));
  return ticketNft().encodeFunctionData('mintBatch', [owners, tokenIds, uris]);
}

/** What a contract said as it reverted, in words; undefined when it said nothing that is known. */
export function revertReason(data: string | null | undefined): string | undefined {
  const parsed = data && data.length >= SELECTOR_CHARACTERS ? ticketNft().parseError(data) : null;
  return parsed === null ? undefined : `${parsed.name}(${parsed.args.map(String).join(', ')})`;
}

/** The deployed contract, asked through a node. */
export class TicketContract {
  constructor(
    private readonly node: PolygonNode,
    readonly address: string,
  ) {}

  async baseUri(): Promise<string> {
    const [uri] = await this.ask('baseURI', [], 'latest');
    return uri as string;
  }

  /** In final state, in the order asked. */
  async holdersOf(tokenIds: readonly bigint[]): Promise<readonly Holder[]> {
    const [holders, gone] = await this.ask('holdersOf', [tokenIds], 'finalized');
    const { ZeroAddress } = ethers();
    return tokenIds.map((_, index) => {
      if ((gone as readonly boolean[])[index]) return 'burned';
      const holder = (holders as readonly `0x${string}`[])[index];
      return holder === undefined || holder === ZeroAddress ? null : holder;
    });
  }

  /** Why a call reverts when it is made in the state after a block, as far as that can be told. */
  async revertReason(call: EvmCall, block: number): Promise<string> {
    try {
      await this.node.call(call, block);
      return 'reverted';
    } catch (error) {
      if (error instanceof NodeRefusal) return revertReason(error.data) ?? error.message;
      if (error instanceof ChainUnavailable) return 'reverted';
      throw error;
    }
  }

  private async ask(
    name: string,
    args: readonly unknown[],
    at: 'latest' | 'finalized',
  ): Promise<readonly unknown[]> {
    const data = ticketNft().encodeFunctionData(name, args);
    const answer = await this.node.call({ to: this.address, data }, at);
    // What has no code answers nothing.
    if (answer === '0x') throw new ChainUnavailable('polygon', `no contract at ${this.address}`);
    return ticketNft().decodeFunctionResult(name, answer).toArray() as readonly unknown[];
  }
}
