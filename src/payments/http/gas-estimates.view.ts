import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CONGESTION_LEVELS, type GasEstimate } from '../../kernel/chain/gas/index.js';
import { formatMicroUsd } from '../../kernel/chain/prices/index.js';

/** What minting all tickets of the request would cost the platform on one chain. */
export class GasEstimateView {
  @ApiProperty({ enum: ['polygon', 'solana'], example: 'polygon' }) blockchain: string;
  @ApiProperty({ description: 'Whole wei or lamports', example: '4214400000000000' })
  estimatedFee: string;
  @ApiProperty({ enum: ['wei', 'lamports'], example: 'wei' }) unit: string;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Millionths of a dollar, rounded up; null while no price of the coin is known',
    example: 928,
  })
  feeInMicroUsd: number | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The same in dollars',
    example: '0.000928',
  })
  feeInUSD: string | null;
  @ApiProperty({
    enum: CONGESTION_LEVELS,
    description: 'By the percentile of the price among those of recent blocks',
    example: 'low',
  })
  congestionLevel: string;
  @ApiProperty({
    description: 'The chain or the price feed is away: its last word',
    example: false,
  })
  stale: boolean;
  @ApiProperty({ format: 'date-time' }) readAt: string;
}

export class GasEstimatesView {
  @ApiPropertyOptional({ type: GasEstimateView }) polygon?: GasEstimateView;
  @ApiPropertyOptional({ type: GasEstimateView }) solana?: GasEstimateView;
}

/** Estimates by their chain. */
export function gasEstimatesView(estimates: readonly GasEstimate[]): GasEstimatesView {
  return Object.fromEntries(estimates.map((estimate) => [estimate.chain, viewOf(estimate)]));
}

function viewOf({ chain, unit, fee, feeMicroUsd, ...estimate }: GasEstimate): GasEstimateView {
  return {
    blockchain: chain,
    estimatedFee: fee.toString(),
    unit,
    feeInMicroUsd: feeMicroUsd === null ? null : Number(feeMicroUsd),
    feeInUSD: feeMicroUsd === null ? null : formatMicroUsd(feeMicroUsd),
    congestionLevel: estimate.congestionLevel,
    stale: estimate.stale,
    readAt: estimate.readAt.toISOString(),
  };
}
