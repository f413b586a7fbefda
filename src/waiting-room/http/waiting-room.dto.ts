import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsUUID, Max, Min } from 'class-validator';
import { IsInstant, Omittable, WholeNumber } from '../../kernel/http/index.js';
import type { RoomTerms } from '../domain/room.js';

export class WaitingRoomParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b22' })
  @IsUUID()
  eventId: string;
}

export class PlaceParams extends WaitingRoomParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b23' })
  @IsUUID()
  queueId: string;
}

/** Which page of the drawn order. */
export class DrawPageDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 1_000_000_000,
    example: 1_024,
    description:
      'The last rank that is known, `next` of the page before; 0 or none for the first page.',
  })
  @Omittable()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  after?: number;
}

export class WaitingRoomTermsDto {
  @ApiProperty({
    format: 'date-time',
    example: '2031-06-01T15:00:00Z',
    description: 'Who joins before is drawn; who joins later comes after them.',
  })
  @IsInstant()
  opensAt: string;

  @ApiProperty({ example: 200, description: 'How many may hold access at once.' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  capacity: number;

  @ApiProperty({
    example: 600,
    description:
      'How many are admitted a minute. What a lull leaves unused is kept for ten seconds, so that ' +
      'a single minute may see a sixth more.',
  })
  @IsInt()
  @Min(1)
  @Max(30_000)
  ratePerMinute: number;
}

export function toTerms({ opensAt, ...rest }: WaitingRoomTermsDto): RoomTerms {
  return { ...rest, opensAt: new Date(opensAt) };
}
