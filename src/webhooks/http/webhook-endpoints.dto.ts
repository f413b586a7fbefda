import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsString,
  IsUUID,
  Length,
  MaxLength,
} from 'class-validator';
import { Omittable } from '../../kernel/http/index.js';
import type { EndpointWish } from '../commands/create-endpoint.js';

const MOST_TYPES = 50;
const LONGEST_URL = 2_048;

const URL_SHOWN = {
  description: 'Where to post; https, a public host, no user, no fragment',
  maxLength: LONGEST_URL,
  example: 'https://tickets.example.com/webhooks',
};
const TYPES_SHOWN = {
  description: 'Names of `GET /events/catalogue`, or `*` for all',
  type: [String] as [typeof String],
  minItems: 1,
  maxItems: MOST_TYPES,
  example: ['payment.completed', 'refund.completed'],
};

const Address = () => applyDecorators(IsString(), Length(8, LONGEST_URL));
const Types = () =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(MOST_TYPES),
    ArrayMinSize(1),
    IsString({ each: true }),
    MaxLength(64, { each: true }),
  );

export class WebhookParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b61' })
  @IsUUID('all')
  id: string;
}

/** What every endpoint may have. */
class EndpointOptionsDto {
  @ApiPropertyOptional({
    description: 'For people, without names or addresses',
    minLength: 1,
    maxLength: 200,
    example: 'Seat map of the box office',
  })
  @Omittable()
  @IsString()
  @Length(1, 200)
  description?: string;

  @ApiPropertyOptional({
    default: true,
    description: 'While it is not, what happens is kept and can be sent later by hand',
    example: true,
  })
  @Omittable()
  @IsBoolean()
  enabled?: boolean;
}

export class CreateWebhookEndpointDto extends EndpointOptionsDto {
  @ApiProperty(URL_SHOWN)
  @Address()
  url: string;

  @ApiProperty(TYPES_SHOWN)
  @Types()
  eventTypes: string[];
}

/** What is left out stays as it is. */
export class ChangeWebhookEndpointDto extends EndpointOptionsDto {
  @ApiPropertyOptional(URL_SHOWN)
  @Omittable()
  @Address()
  url?: string;

  @ApiPropertyOptional(TYPES_SHOWN)
  @Omittable()
  @Types()
  eventTypes?: string[];
}

export function toEndpointWish(dto: CreateWebhookEndpointDto): EndpointWish {
  const { url, eventTypes, description = null, enabled = true } = dto;
  return { url, eventTypes, description, enabled };
}

export function toEndpointChange(dto: ChangeWebhookEndpointDto): Partial<EndpointWish> {
  const { url, eventTypes, description, enabled } = dto;
  return {
    ...(url !== undefined && { url }),
    ...(eventTypes !== undefined && { eventTypes }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
  };
}
