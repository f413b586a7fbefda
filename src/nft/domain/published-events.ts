import { z } from 'zod';
import type { ChainName } from '../../kernel/chain/chain-names.js';
import { derivedId, type Uuid } from '../../kernel/ids.js';
import type { EventToPublish, EventType } from '../../kernel/outbox/index.js';

const id = () => z.guid();
const token = {
  ticketId: id(),
  paymentId: id(),
  userId: id().describe('The buyer'),
  venueId: id(),
  eventId: id(),
  blockchain: z.enum(['polygon', 'solana']),
};
const onChain = {
  tokenId: z.string().describe('Polygon: decimal digits. Solana: the mint account’s address'),
  base: z
    .string()
    .describe('Polygon: the contract. Solana: the account that the mint follows from'),
  transactionHash: z
    .string()
    .nullable()
    .describe('Null where the token was found on the chain, made by a transaction not on record'),
};

const TOKEN = {
  ticketId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b23',
  paymentId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21',
  userId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b01',
  venueId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b02',
  eventId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b03',
  blockchain: 'polygon',
};
const ON_CHAIN = {
  tokenId: '72311406913251406234140626511702136510246831432123613413251406234140',
  base: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  transactionHash: '0x4e3a3754410177e6937ef1f84bba68ea139e8d1a2258c5f85db9f1cd715a1bdd',
};

/** Every integration event of tokens. Another shape is another version. */
export const NFT_EVENTS: readonly EventType[] = [
  {
    type: 'mint.completed',
    version: 1,
    description: 'A ticket is a token, in a final block. Once a ticket.',
    payload: z.strictObject({ ...token, ...onChain }),
    example: { ...TOKEN, ...ON_CHAIN },
  },
  {
    type: 'mint.failed',
    version: 1,
    description:
      'A ticket could not be made a token and waits for a person; it is as valid as before. ' +
      'Once for each time that it is given up.',
    payload: z.strictObject({ ...token, reason: z.string() }),
    example: { ...TOKEN, reason: 'it failed 3 times: execution reverted: Pausable: paused' },
  },
  {
    type: 'token.revoked',
    version: 1,
    description:
      'The token of a ticket whose sale was undone is no longer the buyer’s. Once a ticket.',
    payload: z.strictObject({ ...token, ...onChain, how: z.enum(['burn', 'claw_back']) }),
    example: { ...TOKEN, ...ON_CHAIN, how: 'burn' },
  },
];

/** Whose ticket an event is about. */
export interface TicketConcerned {
  readonly ticketId: Uuid;
  readonly paymentId: Uuid;
  readonly userId: Uuid;
  readonly venueId: Uuid;
  readonly eventId: Uuid;
  readonly blockchain: ChainName;
  readonly correlationId: string | null;
}

/** A token on its chain, and the transaction that made or changed it. */
export interface TokenConcerned extends TicketConcerned {
  readonly tokenId: string;
  readonly base: string;
  readonly transactionHash: string | null;
}

export function mintCompleted(minted: TokenConcerned, at: Date): EventToPublish {
  return event('mint.completed', 'mint.completed', minted, at, onChainOf(minted));
}

/** `jobId` is the job that was given up: a ticket may fail again after somebody tried it anew. */
export function mintFailed(
  ticket: TicketConcerned,
  jobId: Uuid,
  reason: string,
  at: Date,
): EventToPublish {
  return event('mint.failed', `mint.failed ${jobId}`, ticket, at, { reason });
}

export function tokenRevoked(
  revoked: TokenConcerned,
  how: 'burn' | 'claw_back',
  at: Date,
): EventToPublish {
  return event('token.revoked', 'token.revoked', revoked, at, { ...onChainOf(revoked), how });
}

function onChainOf({ tokenId, base, transactionHash }: TokenConcerned) {
  return { tokenId, base, transactionHash };
}

function event(
  type: string,
  name: string,
  { ticketId, paymentId, userId, venueId, eventId, blockchain, correlationId }: TicketConcerned,
  occurredAt: Date,
  rest: Readonly<Record<string, string | null>>,
): EventToPublish {
  return {
    id: derivedId(ticketId, name),
    type,
    version: 1,
    aggregateType: 'ticket',
    aggregateId: ticketId,
    occurredAt,
    ...(correlationId !== null && { correlationId }),
    payload: { ticketId, paymentId, userId, venueId, eventId, blockchain, ...rest },
  };
}
