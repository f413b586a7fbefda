import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsString, Length } from 'class-validator';
import { Omittable } from '../../kernel/http/index.js';

/** The body of a cancellation. */
export class CancelEventDto {
  @ApiPropertyOptional({ maxLength: 500, example: 'The venue is flooded' })
  @Omittable()
  @IsString()
  @Length(1, 500)
  reason?: string;

  @ApiPropertyOptional({
    default: false,
    description: "Whether buyers get every fee back too, whatever the event's policy keeps",
    example: true,
  })
  @Omittable()
  @IsBoolean()
  refundFees?: boolean;
}
