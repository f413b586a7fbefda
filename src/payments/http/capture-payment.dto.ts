import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min, ValidateIf } from 'class-validator';

/** The body of a capture. */
export class CapturePaymentDto {
  @ApiPropertyOptional({
    description: 'Cents; the whole authorization when left out. The rest is let go',
    type: 'integer',
    minimum: 1,
    maximum: 99_999_999,
    example: 9000,
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsInt()
  @Min(1)
  @Max(99_999_999)
  amount?: number;
}
