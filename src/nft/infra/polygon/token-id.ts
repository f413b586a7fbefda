import { ethers } from '../../../kernel/chain/polygon/index.js';
import type { Uuid } from '../../../kernel/ids.js';

/** keccak256 of the ticket's id in lower case, with dashes: whoever knows the ticket finds the token. */
export function polygonTokenId(ticketId: Uuid): bigint {
  return BigInt(ethers().id(ticketId.toLowerCase()));
}
