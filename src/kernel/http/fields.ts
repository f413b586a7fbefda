import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsInt,
  IsISO8601,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

/**
 * A property that is a list of `min` to `max` items of a class. A longer list is refused as a
 * whole, without looking at its items: thousands of bad ones must not cost a second of validation.
 */
export function ItemsOf(
  type: () => new () => object,
  { min = 0, max = 50 }: { readonly min?: number; readonly max?: number } = {},
): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (isTooLong(value, max) ? TOO_LONG : value)),
    Type(type),
    ArrayMaxSize(max, { message: `must be a list of at most ${max} items` }),
    ArrayMinSize(min, { message: `must be a list of at least ${min} items` }),
    ValidateNested({ each: true }),
  );
}

/** No list, so that it fails every rule of one; not null either, or `@IsOptional()` would pass it. */
const TOO_LONG = 'too long';

function isTooLong(value: unknown, max: number): boolean {
  return Array.isArray(value) && value.length > max;
}

/** A query parameter that is a whole number: plain decimal digits become a number, the rest stays text and fails `@IsInt()`. */
export function WholeNumber(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value,
  );
}

/** A property that may be left out. Null is not the same: it is checked like any value. */
export function Omittable(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** Of four digits, as PostgreSQL and `Date` agree on: none before our era, none beyond what both can write. */
const DAY = String.raw`[12]\d{3}-\d{2}-\d{2}`;
const INSTANT = new RegExp(
  String.raw`^${DAY}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$`,
);

/** A property that is an instant with its offset from UTC, of the years 1000 to 2999. */
export function IsInstant(): PropertyDecorator {
  return applyDecorators(
    Matches(INSTANT, { message: 'must be an instant such as 2026-01-12T10:00:00Z' }),
    IsISO8601({ strict: true }, { message: 'must be an instant of the calendar' }),
  );
}

/** A property that is a day, `YYYY-MM-DD`, of the years 1000 to 2999. */
export function IsDay(): PropertyDecorator {
  return applyDecorators(
    Matches(new RegExp(`^${DAY}$`), { message: 'must be a date, YYYY-MM-DD' }),
    IsISO8601({ strict: true }, { message: 'must be a date of the calendar' }),
  );
}

/** How many rows a list answers when nobody says. */
export const DEFAULT_PAGE = 50;

/** Which page of a list, newest first. */
export class PageDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_PAGE })
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
