import { LRUCache } from 'lru-cache';
import { ethers } from '../../../kernel/chain/polygon/index.js';
import type { Uuid } from '../../../kernel/ids.js';

/** A job asks for the same ones again and again, and the hash is slow. */
const known = new LRUCache<Uuid, bigint>({ max: 10_000 });

/** keccak256 of the ticket's id in lower case, with dashes: whoever knows the ticket finds the token. */
export function polygonTokenId(ticketId: Uuid): bigint {
  const told = known.get(ticketId);
  if (told !== undefined) return told;
  const tokenId = BigInt(ethers().id(ticketId.toLowerCase()));
  known.set(ticketId, tokenId);
  return tokenId;
}
