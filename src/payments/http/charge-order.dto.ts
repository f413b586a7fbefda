import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, Length, Matches, Max, Min, ValidateIf } from 'class-validator';

/** The body of `POST /api/payments/charge`. */
export class ChargeOrderDto {
  @ApiProperty({ description: "The order service's id of the order", example: 'order_123' })
  @IsString()
  @Length(1, 64)
  @Matches(/^[\w.:-]+$/, { message: 'must be an order id' })
  orderId: string;

  @ApiProperty({
    description: 'What the buyer agreed to pay, in cents: tickets, fees and taxes together',
    type: 'integer',
    minimum: 0,
    maximum: 99_999_999,
    example: 23790,
  })
  @IsInt()
  @Min(0)
  @Max(99_999_999)
  amount: number;

  @ApiProperty({ enum: ['USD'], example: 'USD' })
  @IsIn(['USD'])
  currency: 'USD';

  @ApiProperty({ enum: ['stripe'], example: 'stripe' })
  @IsIn(['stripe'])
  paymentMethod: 'stripe';

  @ApiProperty({ description: "The provider's payment method", example: 'pm_card_visa' })
  @IsString()
  @Matches(/^[A-Za-z0-9_]{3,255}$/, { message: 'must be a payment method of the provider' })
  paymentMethodId: string;

  @ApiPropertyOptional({ maxLength: 500, example: 'Event ticket purchase' })
  @ValidateIf((body: ChargeOrderDto) => body.description !== undefined)
  @IsString()
  @Length(1, 500)
  description?: string;
}
