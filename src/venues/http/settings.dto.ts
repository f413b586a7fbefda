import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsInstant, Omittable, WholeNumber } from '../../kernel/http/index.js';
import type { SettingsRequest } from '../domain/settings-change.js';
import {
  PurchaseLimitsView,
  RefundPolicyView,
  ResaleSettingsView,
  SettingsView,
} from './settings.view.js';

/** May be left out, but not null. */
const MEMBERS = { skipNullProperties: false } as const;

export class RefundPolicyDto extends PartialType(RefundPolicyView, MEMBERS) {}

export class PurchaseLimitsDto extends PartialType(PurchaseLimitsView, MEMBERS) {}

const GROUPS = ['refundPolicy', 'purchaseLimits', 'highDemand', 'resale'] as const;

/** What a tenant, a venue or an event decides itself; what is left out is inherited. */
export class SettingsLayerDto extends PartialType(OmitType(SettingsView, GROUPS), MEMBERS) {
  @ApiPropertyOptional({ type: RefundPolicyDto })
  @Omittable()
  @IsObject()
  @ValidateNested()
  @Type(() => RefundPolicyDto)
  refundPolicy?: RefundPolicyDto;

  @ApiPropertyOptional({ type: PurchaseLimitsDto })
  @Omittable()
  @IsObject()
  @ValidateNested()
  @Type(() => PurchaseLimitsDto)
  purchaseLimits?: PurchaseLimitsDto;

  @ApiPropertyOptional({ example: true, description: "Left out: as the event's catalogue says." })
  @Omittable()
  @IsBoolean()
  highDemand?: boolean;

  @ApiPropertyOptional({ type: ResaleSettingsView, description: 'Both bounds together.' })
  @Omittable()
  @IsObject()
  @ValidateNested()
  @Type(() => ResaleSettingsView)
  resale?: ResaleSettingsView;
}

export class ChangeSettingsDto {
  @ApiProperty({
    type: SettingsLayerDto,
    description: 'Replaces everything that this level has decided.',
    example: { platformFeePayer: 'venue', purchaseLimits: { perUser: 2 } },
  })
  @IsObject()
  @ValidateNested()
  @Type(() => SettingsLayerDto)
  settings: SettingsLayerDto;

  @ApiPropertyOptional({
    format: 'date-time',
    example: '2031-06-01T05:00:00Z',
    description: 'From when on; at once when left out. Not in the past.',
  })
  @Omittable()
  @IsInstant()
  effectiveFrom?: string;
}

export class VenueParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21' })
  @IsUUID()
  venueId: string;
}

export class EventParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b22' })
  @IsUUID()
  eventId: string;
}

export class SettingsQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Whether the answer lists who changed what, when, from what.',
  })
  @Omittable()
  @IsIn(['true', 'false'])
  history?: 'true' | 'false';

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 50 })
  @Omittable()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @ApiPropertyOptional({ format: 'uuid', description: "The previous page's nextCursor." })
  @Omittable()
  @IsUUID()
  cursor?: string;
}

export function toSettingsRequest({ settings, effectiveFrom }: ChangeSettingsDto): SettingsRequest {
  return { settings, ...(effectiveFrom && { effectiveFrom: new Date(effectiveFrom) }) };
}

const PAGE = 50;

/** The page of the history that a query asks for; undefined when it asks for none. */
export function toHistoryPage({ history, limit = PAGE, cursor }: SettingsQuery) {
  if (history !== 'true') return undefined;
  return { limit, ...(cursor && { before: cursor }) };
}
