import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CHAIN_NAMES } from '../../kernel/chain/chain-names.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { MINT_STATUSES, PRIORITIES } from '../domain/mint.js';
import type { Mint } from '../infra/mint-rows.js';
import type { MintDetails, MintTransaction } from '../queries/get-mint.js';
import type { MintPage } from '../queries/list-mints.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';
const INSTANT = '2026-01-12T10:00:00.000Z';
const HASH = '0x4e3a3754410177e6937ef1f84bba68ea139e8d1a2258c5f85db9f1cd715a1bdd';
const WALLET = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

export class MintView {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  @ApiProperty({ format: 'uuid', example: ID })
  ticketId: string;

  @ApiProperty({ format: 'uuid', example: ID })
  paymentId: string;

  @ApiProperty({ format: 'uuid', example: ID })
  venueId: string;

  @ApiProperty({ format: 'uuid', example: ID })
  eventId: string;

  @ApiProperty({ enum: CHAIN_NAMES, example: 'polygon' })
  blockchain: string;

  @ApiProperty({ enum: MINT_STATUSES, example: 'minted' })
  status: string;

  @ApiProperty({ enum: PRIORITIES, example: 'standard' })
  priority: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: WALLET,
    description: 'The wallet it belongs to; null: the platform keeps it.',
  })
  wallet: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'The wallet it is on its way to.',
  })
  pendingWallet: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '7231140691325140623414062651170213651024683143',
    description: 'Polygon: decimal digits. Solana: the mint account’s address.',
  })
  tokenId: string | null;

  @ApiProperty({ type: String, nullable: true, example: WALLET, description: 'The contract' })
  base: string | null;

  @ApiProperty({ type: String, nullable: true, example: HASH })
  transactionHash: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '1440352200000000',
    description: 'Its part of the cost, in wei or lamports.',
  })
  gasFeePaid: string | null;

  @ApiProperty({ type: 'integer', description: 'Tries that have failed', example: 0 })
  attempts: number;

  @ApiProperty({ type: String, nullable: true, example: null })
  error: string | null;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: INSTANT })
  processedAt: string | null;
}

export class MintsView {
  @ApiProperty({ type: [MintView], description: 'The newest tickets first.' })
  mints: MintView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

export class MintTransactionView {
  @ApiProperty({ type: String, nullable: true, example: HASH, description: 'Null: not signed yet' })
  hash: string | null;

  @ApiProperty({ type: String, nullable: true, example: `https://polygonscan.com/tx/${HASH}` })
  explorerUrl: string | null;

  @ApiProperty({
    enum: ['allocated', 'signed', 'done', 'failed', 'expired', 'replaced'],
    example: 'done',
  })
  status: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'On Polygon', example: 42 })
  nonce: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '144035220000000000',
    description: 'What it cost with all tickets in it, in wei or lamports.',
  })
  gas: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  error: string | null;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: INSTANT })
  finishedAt: string | null;
}

export class MintDetailsView extends MintView {
  @ApiProperty({ type: [MintTransactionView], description: 'Of its mint, the oldest first.' })
  transactions: MintTransactionView[];
}

/** A ticket's token as it is answered; a refusal passes through. */
export function mintView(mint: Mint | Refusal): MintView | Refusal {
  return isRefusal(mint) ? mint : viewOf(mint);
}

export function mintsView({ mints, ...rest }: MintPage): MintsView {
  return { mints: mints.map(viewOf), ...rest };
}

export function mintDetailsView(details: MintDetails | Refusal): MintDetailsView | Refusal {
  if (isRefusal(details)) return details;
  const transactions = details.transactions.map(transactionView);
  return Object.assign(viewOf(details.mint), { transactions });
}

function viewOf(mint: Mint): MintView {
  const { id, ticketId, paymentId, venueId, eventId, blockchain, status, priority } = mint;
  return {
    ...{ id, ticketId, paymentId, venueId, eventId, blockchain, status, priority },
    wallet: mint.recipient,
    pendingWallet: mint.claimant,
    tokenId: mint.tokenId,
    base: mint.base,
    transactionHash: mint.transactionHash,
    gasFeePaid: mint.gasFeePaid?.toString() ?? null,
    attempts: mint.attempts,
    error: mint.errorMessage,
    createdAt: mint.createdAt.toISOString(),
    processedAt: mint.processedAt?.toISOString() ?? null,
  };
}

function transactionView(transaction: MintTransaction): MintTransactionView {
  const { gas, createdAt, finishedAt, ...rest } = transaction;
  return {
    ...rest,
    gas: gas?.toString() ?? null,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
