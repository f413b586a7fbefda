import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { redact } from '../../observability/redact.js';
import type { DeadLetter } from './dead-letter.js';
import type { DeadLetterPage } from './list-dead-letters.js';

const ID = '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21';
const INSTANT = '2026-01-12T10:00:00.000Z';

export class DeadLetterView {
  @ApiProperty({ format: 'uuid', example: ID })
  eventId: string;

  @ApiProperty({ example: 'payment.completed' })
  type: string;

  @ApiProperty({ example: 'payment' })
  aggregateType: string;

  @ApiProperty({ format: 'uuid', example: ID })
  aggregateId: string;

  @ApiProperty({ type: 'integer', example: 5 })
  attempts: number;

  @ApiProperty({
    example: 'receipts: Error: no such template',
    description: 'Who rejected it last, and why.',
  })
  error: string;

  @ApiProperty({ format: 'date-time', example: INSTANT })
  publishedAt: string;

  @ApiProperty({ format: 'date-time', example: INSTANT, description: 'When it was given up.' })
  since: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { paymentId: ID, amount: 11845 },
    description: 'Without what looks like a card number, key, token or e-mail address.',
  })
  payload: object;
}

export class DeadLettersView {
  @ApiProperty({ type: [DeadLetterView], description: 'By falling event id.' })
  deadLetters: DeadLetterView[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent on the last page.' })
  nextCursor?: string;
}

export class RedrivenView {
  @ApiProperty({ type: 'integer', example: 3, description: 'Sent again.' })
  redriven: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Not sent again yet: ask once more.' })
  remaining: number;
}

export function deadLettersView({ deadLetters, ...rest }: DeadLetterPage): DeadLettersView {
  return { deadLetters: deadLetters.map(viewOf), ...rest };
}

function viewOf({ payload, error, publishedAt, since, ...letter }: DeadLetter): DeadLetterView {
  return {
    ...letter,
    error: redact(error),
    publishedAt: publishedAt.toISOString(),
    since: since.toISOString(),
    payload: JSON.parse(redact(JSON.stringify(payload))) as object,
  };
}
