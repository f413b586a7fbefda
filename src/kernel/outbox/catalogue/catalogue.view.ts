import { ApiProperty } from '@nestjs/swagger';

/** One type of event, and what its payload holds. */
export class EventTypeView {
  @ApiProperty({ example: 'payment.completed' })
  type: string;

  @ApiProperty({ type: 'integer', example: 1, description: 'Of the payload’s shape.' })
  version: number;

  @ApiProperty({ example: 'The money is in and the tickets are the buyer’s; once per payment.' })
  description: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'JSON Schema (draft 7) of the payload.',
    example: { type: 'object', properties: { paymentId: { type: 'string', format: 'uuid' } } },
  })
  schema: object;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { paymentId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21' },
  })
  example: object;
}
