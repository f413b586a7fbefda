import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { DEFAULT_PAGE, PageDto } from '../../kernel/http/index.js';

/** Which page of runs. */
export class ListRunsDto extends PageDto {}

export class RunParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21' })
  @IsUUID('all')
  id: string;
}

export function toRunPage({ limit = DEFAULT_PAGE, cursor }: ListRunsDto) {
  return { limit, ...(cursor && { before: cursor }) };
}
