import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsISO31661Alpha2,
  IsString,
  Length,
  Matches,
  ValidateBy,
  type ValidationArguments,
} from 'class-validator';
import { Omittable } from '../../kernel/http/index.js';
import { type BillingAddress, lacksPostalCode } from '../domain/normalize-limit-address.js';

/** Punctuation alone would be the same address for everybody. */
const Written = () => Matches(/[\p{L}\p{N}]/u, { message: 'must hold a letter or a digit' });

/** Left out where every door has one, it would make a second address of the same door. */
const GivenWhereKnown = () =>
  ValidateBy({
    name: 'givenWhereKnown',
    validator: {
      validate: (value: unknown, args?: ValidationArguments) => {
        const { country } = args?.object as { country?: unknown };
        return (
          typeof value !== 'string' ||
          typeof country !== 'string' ||
          !lacksPostalCode(value, country)
        );
      },
      defaultMessage: () => 'must be a ZIP code such as 37203',
    },
  });

/** Where a card's bills go. It is counted by, as a keyed hash; it is not stored. */
export class BillingAddressDto implements BillingAddress {
  @ApiProperty({ example: '116 5th Ave N', minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 200)
  @Written()
  line1: string;

  @ApiPropertyOptional({ example: 'Apt 4B', maxLength: 200 })
  @Omittable()
  @IsString()
  @Length(0, 200)
  line2?: string;

  @ApiProperty({ example: 'Nashville', minLength: 1, maxLength: 100 })
  @IsString()
  @Length(1, 100)
  @Written()
  city: string;

  @ApiPropertyOptional({ example: 'TN', maxLength: 64, description: 'Code or name.' })
  @Omittable()
  @IsString()
  @Length(0, 64)
  state?: string;

  @ApiProperty({ example: '37203', maxLength: 20, description: 'Empty where there are none.' })
  @IsString()
  @Length(0, 20)
  @GivenWhereKnown()
  postalCode: string;

  @ApiProperty({ example: 'US', minLength: 2, maxLength: 2, description: 'ISO 3166 alpha-2.' })
  @IsISO31661Alpha2({ message: 'must be a country code of ISO 3166 such as US' })
  country: string;
}
