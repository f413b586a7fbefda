import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { ItemsOf, Omittable } from '../fields.js';

const MOST = 1_000_000;

export class LimitsOfDto {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Whose limits; those of the caller’s own tenant unless told',
  })
  @Omittable()
  @IsUUID('all')
  tenantId?: string;
}

export class FigureDto {
  @ApiProperty({ description: 'As the list of limits names it', maxLength: 64, example: 'user' })
  @MaxLength(64)
  name: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST, example: 120 })
  @IsInt()
  @Min(1)
  @Max(MOST)
  perMinute: number;
}

export class ChangeRateLimitsDto {
  @ApiProperty({
    type: [FigureDto],
    maxItems: 50,
    description: 'All that differs from the standard; what is absent is as for everybody again',
  })
  @ItemsOf(() => FigureDto)
  limits: FigureDto[];
}
