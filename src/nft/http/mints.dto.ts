import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';
import { CHAIN_NAMES, type ChainName } from '../../kernel/chain/chain-names.js';
import { DEFAULT_PAGE, Omittable, PageDto } from '../../kernel/http/index.js';
import { MINT_STATUSES, type MintStatus } from '../domain/mint.js';
import type { MintFilter } from '../infra/mint-rows.js';

/** Which mints, and which page of them. */
export class ListMintsDto extends PageDto {
  @ApiPropertyOptional({ enum: MINT_STATUSES, example: 'failed' })
  @Omittable()
  @IsIn(MINT_STATUSES)
  status?: MintStatus;

  @ApiPropertyOptional({ enum: CHAIN_NAMES, example: 'polygon' })
  @Omittable()
  @IsIn(CHAIN_NAMES)
  blockchain?: ChainName;

  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable()
  @IsUUID('all')
  paymentId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable()
  @IsUUID('all')
  eventId?: string;
}

export class MintParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21' })
  @IsUUID('all')
  id: string;
}

export function toMintFilter(dto: ListMintsDto): MintFilter {
  const { limit = DEFAULT_PAGE, cursor, ...exact } = dto;
  return { ...exact, ...(cursor && { before: cursor }), limit };
}
