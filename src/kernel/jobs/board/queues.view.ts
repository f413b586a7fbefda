import { ApiProperty } from '@nestjs/swagger';
import { QUEUES } from '../queues.js';

class CountsView {
  @ApiProperty({ type: 'integer', example: 3, description: 'Due, and nobody works on it.' })
  waiting: number;

  @ApiProperty({ type: 'integer', example: 1, description: 'A worker has it right now.' })
  active: number;

  @ApiProperty({ type: 'integer', example: 2, description: 'Not due before later.' })
  delayed: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Needs a human: see the open items.' })
  failed: number;
}

export class SourceView extends CountsView {
  @ApiProperty({ example: 'webhook inbox', description: 'One sort of rows that are work.' })
  name: string;
}

export class QueueView extends CountsView {
  @ApiProperty({ enum: QUEUES, example: 'webhook-processing' })
  name: string;

  @ApiProperty({ type: [SourceView] })
  sources: SourceView[];
}

/** `GET /admin/queues`: the same with and without Redis, since Postgres has the rows. */
export class QueuesView {
  @ApiProperty({
    enum: ['not_configured', 'up', 'away'],
    example: 'up',
    description: 'Whether Redis hands the work around; without it every worker polls.',
  })
  redis: string;

  @ApiProperty({ type: [QueueView] })
  queues: QueueView[];
}
