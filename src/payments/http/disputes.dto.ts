import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsObject,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Omittable } from '../../kernel/http/index.js';
import { DISPUTE_STATES, type DisputeStatus } from '../domain/dispute.js';
import { type Evidence, LONGEST_FIELD } from '../domain/dispute-evidence.js';
import type { DisputeFilter } from '../infra/dispute-rows.js';
import { SHORT_PAGE, ShortPageDto } from './short-page.dto.js';

/** Which disputes, and which page of them. */
export class ListDisputesDto extends ShortPageDto {
  @ApiPropertyOptional({ enum: DISPUTE_STATES, example: 'needs_response' })
  @Omittable()
  @IsIn(DISPUTE_STATES)
  status?: DisputeStatus;

  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable()
  @IsUUID('all')
  venueId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @Omittable()
  @IsUUID('all')
  paymentId?: string;
}

export function toDisputeFilter(query: ListDisputesDto): DisputeFilter {
  return {
    status: query.status ?? null,
    venueId: query.venueId ?? null,
    paymentId: query.paymentId ?? null,
    cursor: query.cursor ?? null,
    limit: query.limit ?? SHORT_PAGE,
  };
}

/** A text for the bank, without names, e-mail or postal addresses; '' takes the field out. */
function EvidenceText(example: string): PropertyDecorator {
  const decorators = [
    ApiPropertyOptional({ type: String, maxLength: LONGEST_FIELD, example }),
    Omittable(),
    IsString(),
    MaxLength(LONGEST_FIELD),
  ];
  return (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };
}

/** Fields by the provider's names for them; see docs.stripe.com/api/disputes/evidence_object. */
export class EvidenceDto implements Evidence {
  @EvidenceText('2026-01-12T10:00:00.000Z The buyer signed in')
  access_activity_log?: string;

  @EvidenceText('Shown on the checkout page: all sales are final')
  cancellation_policy_disclosure?: string;

  @EvidenceText('The event took place as announced')
  cancellation_rebuttal?: string;

  @EvidenceText('Two orders of different tickets')
  duplicate_charge_explanation?: string;

  @EvidenceText('ch_3Q0000000000000000000000')
  duplicate_charge_id?: string;

  @EvidenceText('2 tickets to River City Revival')
  product_description?: string;

  @EvidenceText('Shown on the checkout page: all sales are final')
  refund_policy_disclosure?: string;

  @EvidenceText('The tickets were used at the door')
  refund_refusal_explanation?: string;

  @EvidenceText('2027-05-31')
  service_date?: string;

  @EvidenceText('The tickets were scanned at gate 4')
  uncategorized_text?: string;
}

export class DisputeEvidenceDto {
  @ApiProperty({
    description: 'Hand it in to the bank, which takes it once; else it is kept as a draft',
    example: true,
  })
  @IsBoolean()
  submit: boolean;

  @ApiPropertyOptional({
    type: EvidenceDto,
    description:
      'Texts over those of the draft, or of our own log where there is none. Left out: a draft is ' +
      "built from the log, a submission hands in the draft as it stands, or else the log's. At " +
      'most 150,000 characters together.',
  })
  @Omittable()
  @IsObject()
  @ValidateNested()
  @Type(() => EvidenceDto)
  evidence?: EvidenceDto;
}

/** The fields that were sent, as data. */
export function toEvidence({ evidence }: DisputeEvidenceDto): Evidence | null {
  if (!evidence) return null;
  const given = Object.entries(evidence).filter(([, text]) => text !== undefined);
  return Object.fromEntries(given);
}
