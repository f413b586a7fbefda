import { ApiProperty } from '@nestjs/swagger';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import type { RoomReport } from '../queries/get-waiting-room.js';
import { drawnRoom, DrawnRoomView } from './waiting-room.view.js';

export class RoomFiguresView {
  @ApiProperty({ example: 4_210 })
  queued: number;

  @ApiProperty({ example: 900, description: 'Ever.' })
  admitted: number;

  @ApiProperty({ example: 200, description: 'May buy now, or are just paying.' })
  holding: number;

  @ApiProperty({ example: 31, description: 'Fell silent, waiting or admitted.' })
  abandoned: number;

  @ApiProperty({ example: 12 })
  left: number;

  @ApiProperty({ example: 640 })
  purchased: number;

  @ApiProperty({ example: 180, description: 'In the last sixty seconds.' })
  admittedLastMinute: number;
}

export class WaitingRoomView extends DrawnRoomView {
  @ApiProperty({ example: 200, description: 'How many may hold access at once.' })
  capacity: number;

  @ApiProperty({ example: 600 })
  ratePerMinute: number;

  @ApiProperty({ type: RoomFiguresView })
  figures: RoomFiguresView;
}

export class RevokedAccessView {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b23' })
  queueId: string;

  @ApiProperty({ enum: ['revoked'], example: 'revoked' })
  status: 'revoked';
}

/** A room as its administrators see it; a refusal passes through. */
export function waitingRoomView(report: RoomReport | Refusal): WaitingRoomView | Refusal {
  if (isRefusal(report)) return report;
  const { room, figures } = report;
  const { capacity, ratePerMinute } = room;
  return { ...drawnRoom(room), capacity, ratePerMinute, figures: { ...figures } };
}
