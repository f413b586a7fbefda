import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import {
  BLOCKCHAINS,
  DEFAULT_SETTINGS,
  DISPUTE_LOSS_PAYERS,
  type FeePayerSettings,
  GAS_FEE_PAYERS,
  PLATFORM_FEE_PAYERS,
  PROCESSING_FEE_PAYERS,
  type Settings,
  TOKEN_REVOCATIONS,
} from '../domain/settings.js';

const { refundPolicy, purchaseLimits, resale } = DEFAULT_SETTINGS;

/** Whole numbers between two bounds, and their documentation. */
function whole(minimum: number, maximum: number, example: number, description: string) {
  return { type: 'integer', minimum, maximum, example, description } as const;
}

// The views also carry the checks: a request is made of the same members, all of them optional.

export class RefundPolicyView {
  @ApiProperty(
    whole(0, 8_760, refundPolicy.windowHours, 'Hours in which buyers may refund themselves.'),
  )
  @IsInt()
  @Min(0)
  @Max(8_760)
  windowHours: number;

  @ApiProperty({ example: refundPolicy.refundPlatformFee })
  @IsBoolean()
  refundPlatformFee: boolean;

  @ApiProperty({ example: refundPolicy.refundGas })
  @IsBoolean()
  refundGas: boolean;

  @ApiProperty({ example: refundPolicy.refundProcessingFee })
  @IsBoolean()
  refundProcessingFee: boolean;

  @ApiProperty({ example: refundPolicy.freeSeats, description: 'Refunded tickets go on sale.' })
  @IsBoolean()
  freeSeats: boolean;
}

export class PurchaseLimitsView {
  @ApiProperty(whole(1, 1_000, purchaseLimits.perUser, 'Tickets a user.'))
  @IsInt()
  @Min(1)
  @Max(1_000)
  perUser: number;

  @ApiProperty(whole(1, 1_000, purchaseLimits.perPaymentMethod, 'Tickets a card or account.'))
  @IsInt()
  @Min(1)
  @Max(1_000)
  perPaymentMethod: number;

  @ApiProperty(whole(1, 1_000, purchaseLimits.perAddress, 'Tickets an address.'))
  @IsInt()
  @Min(1)
  @Max(1_000)
  perAddress: number;

  @ApiProperty(whole(1, 500, purchaseLimits.maxTicketsPerOrder, 'Tickets an order.'))
  @IsInt()
  @Min(1)
  @Max(500)
  maxTicketsPerOrder: number;
}

export class ResaleSettingsView {
  @ApiProperty(whole(0, 1_000_000, resale.maxPriceBps, 'Of the original price; 25000 = 250 %.'))
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  maxPriceBps: number;

  @ApiProperty(whole(0, 1_000_000, resale.minPriceBps, 'Of the original price; 5000 = 50 %.'))
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  minPriceBps: number;
}

export class SettingsView implements Settings {
  @ApiProperty({ enum: PLATFORM_FEE_PAYERS, example: DEFAULT_SETTINGS.platformFeePayer })
  @IsIn(PLATFORM_FEE_PAYERS)
  platformFeePayer: FeePayerSettings['platformFeePayer'];

  @ApiProperty({ enum: GAS_FEE_PAYERS, example: DEFAULT_SETTINGS.gasFeePayer })
  @IsIn(GAS_FEE_PAYERS)
  gasFeePayer: FeePayerSettings['gasFeePayer'];

  @ApiProperty({ enum: PROCESSING_FEE_PAYERS, example: DEFAULT_SETTINGS.processingFeePayer })
  @IsIn(PROCESSING_FEE_PAYERS)
  processingFeePayer: FeePayerSettings['processingFeePayer'];

  @ApiProperty({ type: RefundPolicyView })
  refundPolicy: RefundPolicyView;

  @ApiProperty({
    enum: DISPUTE_LOSS_PAYERS,
    example: DEFAULT_SETTINGS.disputeLossPayer,
    description: 'Who bears the ticket money of a dispute that is lost.',
  })
  @IsIn(DISPUTE_LOSS_PAYERS)
  disputeLossPayer: Settings['disputeLossPayer'];

  @ApiProperty({ type: PurchaseLimitsView })
  purchaseLimits: PurchaseLimitsView;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    example: null,
    description: "Null: as the event's catalogue says.",
  })
  highDemand: boolean | null;

  @ApiProperty(whole(1, 1_440, DEFAULT_SETTINGS.groupExpiryMinutes, 'Time to pay for a group.'))
  @IsInt()
  @Min(1)
  @Max(1_440)
  groupExpiryMinutes: number;

  @ApiProperty({ type: ResaleSettingsView })
  resale: ResaleSettingsView;

  @ApiProperty({
    enum: BLOCKCHAINS,
    example: DEFAULT_SETTINGS.blockchain,
    description: 'Where tickets are minted; `auto`: on the cheapest chain that answers.',
  })
  @IsIn(BLOCKCHAINS)
  blockchain: Settings['blockchain'];

  @ApiProperty({
    enum: TOKEN_REVOCATIONS,
    example: DEFAULT_SETTINGS.tokenRevocation,
    description:
      "What becomes of the token when its ticket is refunded or its dispute lost: destroyed, taken back into the platform's custody, or left where it is.",
  })
  @IsIn(TOKEN_REVOCATIONS)
  tokenRevocation: Settings['tokenRevocation'];
}
