import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsInt,
  IsNotEmpty,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsDay, Omittable } from '../../kernel/http/index.js';

/** May be left out, but not null. */
/** Where an event takes place. */
export class VenueAddressDto {
  @ApiPropertyOptional({ example: '116 5th Ave N', maxLength: 200 })
  @Omittable()
  @IsString()
  @MaxLength(200)
  street?: string;

  @ApiPropertyOptional({ example: 'Nashville', maxLength: 100 })
  @Omittable()
  @IsString()
  @MaxLength(100)
  city?: string;

  @ApiPropertyOptional({
    example: 'Davidson',
    maxLength: 100,
    description: 'Needed only where a city lies in several counties or is not on record.',
  })
  @Omittable()
  @IsString()
  @MaxLength(100)
  county?: string;

  @ApiPropertyOptional({
    example: 'TN',
    maxLength: 64,
    description: 'Code or name. Required in the United States.',
  })
  @ValidateIf((address: VenueAddressDto, value) => !address.country || value !== undefined)
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  state?: string;

  @ApiPropertyOptional({ example: '37203', maxLength: 20 })
  @Omittable()
  @IsString()
  @MaxLength(20)
  zip?: string;

  @ApiPropertyOptional({
    example: 'US',
    minLength: 2,
    maxLength: 64,
    description: 'ISO 3166 alpha-2; the United States when absent.',
  })
  @Omittable()
  @IsString()
  @Length(2, 64)
  country?: string;
}

/** The question of another service: the tax on tickets sold to an event. */
export class CalculateTaxDto {
  @ApiProperty({
    example: 10_000,
    type: 'integer',
    minimum: 0,
    maximum: 99_999_999,
    description: 'The ticket prices together, in cents.',
  })
  @IsInt()
  @Min(0)
  @Max(99_999_999)
  amount: number;

  @ApiProperty({ type: VenueAddressDto })
  @IsObject()
  @ValidateNested()
  @Type(() => VenueAddressDto)
  venueAddress: VenueAddressDto;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { city: 'Nashville', state: 'TN', zip: '37203' },
    description: 'Accepted and not used: admissions are taxed where the event takes place.',
  })
  @Omittable()
  @IsObject()
  customerAddress?: object;

  @ApiPropertyOptional({
    example: '2026-11-21',
    format: 'date',
    description: "The sale's date at the venue; today, in the state's main time zone, when absent.",
  })
  @Omittable()
  @IsDay()
  saleDate?: string;

  @ApiPropertyOptional({
    example: 2,
    type: 'integer',
    minimum: 1,
    maximum: 500,
    default: 1,
    description: 'For taxes that are an amount per ticket.',
  })
  @Omittable()
  @IsInt()
  @Min(1)
  @Max(500)
  ticketCount?: number;

  @ApiPropertyOptional({
    example: '0198c0de-0000-7000-8000-0000000000aa',
    format: 'uuid',
    description: "For the venue's own special tax rules.",
  })
  @Omittable()
  @IsUUID()
  venueId?: string;
}
