import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsUUID, Max, Min, ValidateIf } from 'class-validator';
import { WholeNumber } from '../../kernel/http/index.js';

const PAGE = 50;
const Omittable = () => ValidateIf((_, value) => value !== undefined);

/** Which page of runs. */
export class ListRunsDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: PAGE })
  @Omittable()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @ApiPropertyOptional({ format: 'uuid', description: "The previous page's nextCursor." })
  @Omittable()
  @IsUUID('all')
  cursor?: string;
}

export class RunParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21' })
  @IsUUID('all')
  id: string;
}

export function toRunPage({ limit = PAGE, cursor }: ListRunsDto) {
  return { limit, ...(cursor && { before: cursor }) };
}
