import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsString, IsUUID, Matches, Max, Min } from 'class-validator';
import { LONGEST_CLAIM_SECONDS } from '../commands/claim-ticket.js';

const WALLET = '^[\\dA-Za-z]{32,44}$';
const SIGNATURE = '^[\\dA-Za-z]{80,140}$';
const LAST_SECOND = 32_503_680_000;

export class TicketParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b23' })
  @IsUUID('all')
  ticketId: string;
}

/** A wallet's signed word that a ticket's token is to be its own. */
export class ClaimTicketDto {
  @ApiProperty({
    pattern: WALLET,
    example: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    description: 'An address on the ticket’s chain.',
  })
  @IsString()
  @Matches(new RegExp(WALLET), { message: 'must be an address of a wallet' })
  wallet: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: LAST_SECOND,
    example: 1_768_215_600,
    description: `Unix time in seconds until which it holds: at most ${LONGEST_CLAIM_SECONDS} ahead.`,
  })
  @IsInt()
  @Min(1)
  @Max(LAST_SECOND)
  expiresAt: number;

  @ApiProperty({
    pattern: SIGNATURE,
    example: `0x${'5f'.repeat(64)}1b`,
    description:
      'Polygon: EIP-712 with the domain `{name: "TicketToken", version: "1", chainId, ' +
      'verifyingContract}` and the type `Claim(string ticketId,address wallet,uint256 expiresAt)`, ' +
      '65 bytes in hexadecimal. Solana: ed25519 over the five lines `TicketToken claim`, ' +
      '`ticket: <ticketId>`, `wallet: <wallet>`, `network: <solana-mainnet …>`, ' +
      '`expires: <expiresAt>`, 64 bytes in base58.',
  })
  @IsString()
  @Matches(new RegExp(SIGNATURE), { message: 'must be a signature' })
  signature: string;
}
