import { ApiProperty } from '@nestjs/swagger';

/** What the fraud check found of a purchase, in brief. */
export class DecisionSummaryView {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b73' }) id: string;
  @ApiProperty({ enum: ['approve', 'challenge', 'review', 'decline'], example: 'review' })
  decision: string;
  @ApiProperty({ minimum: 0, maximum: 1, example: 0.6 }) score: number;
  @ApiProperty({ type: [String], example: ['scalper:known_scalper'] }) reasons: string[];
  @ApiProperty({ description: 'The version that decided', example: 'v1' }) ruleSet: string;
}
