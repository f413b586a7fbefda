import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiErrors } from '../../kernel/http/index.js';
import type { TokenMetadata } from '../domain/metadata.js';
import { GetMetadata } from '../queries/get-metadata.js';
import { TokenParams } from './metadata.dto.js';
import { TokenMetadataView } from './metadata.view.js';

@ApiTags('Tokens')
@Public()
@Controller('nft/metadata')
export class MetadataController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':tokenId')
  @ApiOperation({
    summary: 'What wallets and marketplaces show of a token',
    description: 'Every token carries this address. Nothing of the answer is about a person.',
  })
  @ApiOkResponse({ type: TokenMetadataView })
  @ApiErrors('NOT_FOUND', 'VALIDATION_ERROR', 'DATABASE_UNAVAILABLE')
  get(@Param() { tokenId }: TokenParams): Promise<TokenMetadata | Refusal> {
    return this.queries.execute(new GetMetadata(tokenId));
  }
}
