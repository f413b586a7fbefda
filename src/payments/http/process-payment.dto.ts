import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  Validate,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { DeviceFingerprint, SessionData, SessionDataDto } from '../../fraud/fraud.contract.js';
import { ItemsOf } from '../../kernel/http/index.js';
import { BillingAddressDto } from '../../waiting-room/waiting-room.contract.js';
import { IsWalletAddress } from './wallet-address.js';
import { OneSeatPerTicket } from './one-seat-per-ticket.js';

export class TicketLineDto {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21' })
  @IsUUID('all')
  ticketTypeId: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 10, example: 2 })
  @IsInt()
  @Min(1)
  @Max(10)
  quantity: number;

  @ApiProperty({
    description: 'Price of one ticket in cents',
    type: 'integer',
    minimum: 0,
    maximum: 99_999_999,
    example: 5000,
  })
  @IsInt()
  @Min(0)
  @Max(99_999_999)
  price: number;

  @ApiPropertyOptional({
    description: 'One seat for each ticket; required where the ticket type is seated',
    type: [String],
    example: ['A1', 'A2'],
  })
  @ValidateIf((line: TicketLineDto) => line.seatNumbers !== undefined)
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 32, { each: true })
  @Validate(OneSeatPerTicket)
  seatNumbers?: string[];
}

export class PaymentMethodDto {
  @ApiProperty({ enum: ['card'], example: 'card' })
  @IsIn(['card'])
  type: 'card';

  @ApiProperty({ description: "The provider's payment method", example: 'pm_card_visa' })
  @IsString()
  @Matches(/^[A-Za-z0-9_]{3,255}$/, { message: 'must be a payment method of the provider' })
  paymentMethodId: string;
}

export class RecipientDto {
  @ApiProperty({
    enum: ['polygon', 'solana'],
    example: 'polygon',
    description: "The event's chain, where its settings name one",
  })
  @IsIn(['polygon', 'solana'])
  blockchain: 'polygon' | 'solana';

  @ApiProperty({
    example: '0x52908400098527886E0F7030069857D2E4169EE7',
    description:
      'Polygon: with a right checksum or with none. Solana: an account with a key of its own',
  })
  @IsString()
  @IsWalletAddress()
  address: string;
}

export class LocationDto {
  @ApiProperty({ description: 'Degrees north', minimum: -90, maximum: 90, example: 36.1627 })
  @IsNumber({}, { message: 'must be a number of degrees' })
  @Min(-90)
  @Max(90)
  latitude: number;

  @ApiProperty({ description: 'Degrees east', minimum: -180, maximum: 180, example: -86.7816 })
  @IsNumber({}, { message: 'must be a number of degrees' })
  @Min(-180)
  @Max(180)
  longitude: number;
}

/** The body of `POST /api/v1/payments/process` (Payment service spec, Process Payment). */
export class ProcessPaymentDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID('all')
  venueId: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID('all')
  eventId: string;

  @ApiProperty({ type: [TicketLineDto], maxItems: 50 })
  @IsArray()
  @ItemsOf(() => TicketLineDto, { min: 1, max: 50 })
  tickets: TicketLineDto[];

  @ApiProperty({ type: PaymentMethodDto })
  @IsObject()
  @ValidateNested()
  @Type(() => PaymentMethodDto)
  paymentMethod: PaymentMethodDto;

  @ApiPropertyOptional({ description: 'Your id of the order this pays for', maxLength: 64 })
  @ValidateIf((body: ProcessPaymentDto) => body.orderId !== undefined)
  @IsString()
  @Length(1, 64)
  orderId?: string;

  @ApiPropertyOptional({ description: 'The token that calculate-fees answered' })
  @ValidateIf((body: ProcessPaymentDto) => body.quote !== undefined)
  @IsString()
  @MaxLength(8192)
  quote?: string;

  @ApiPropertyOptional({
    type: RecipientDto,
    description:
      'The wallet the tickets are minted to; without one the platform keeps them until they are claimed',
  })
  @ValidateIf((body: ProcessPaymentDto) => body.recipient !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => RecipientDto)
  recipient?: RecipientDto;

  @ApiPropertyOptional({
    description:
      '`manual` authorizes only; the money is captured later. A purchase that a person has to look at is only authorized either way, and their approval captures the whole of it',
    enum: ['automatic', 'manual'],
    default: 'automatic',
  })
  @ValidateIf((body: ProcessPaymentDto) => body.captureMethod !== undefined)
  @IsIn(['automatic', 'manual'])
  captureMethod?: 'automatic' | 'manual';

  @ApiPropertyOptional({
    type: BillingAddressDto,
    description: 'Counts towards the limit per address; without it that limit is skipped',
  })
  @ValidateIf((body: ProcessPaymentDto) => body.billingAddress !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => BillingAddressDto)
  billingAddress?: BillingAddressDto;

  @ApiPropertyOptional({
    type: LocationDto,
    description: 'Where the device says it is; for the fraud check alone',
  })
  @ValidateIf((body: ProcessPaymentDto) => body.location !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => LocationDto)
  location?: LocationDto;

  @DeviceFingerprint()
  deviceFingerprint?: string;

  @SessionData()
  sessionData?: SessionDataDto;
}
