import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNumber, IsUUID, Max, Min } from 'class-validator';
import { Omittable } from '../../kernel/http/index.js';
import type { ScalperWish } from '../commands/add-known-scalper.js';
import { Reason } from './fields.js';
import { DeviceFingerprint } from './session-data.dto.js';

/** A user, a device, or a user with their device. */
export class AddKnownScalperDto {
  @ApiPropertyOptional({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b01' })
  @Omittable()
  @IsUUID('all')
  userId?: string;

  @DeviceFingerprint()
  deviceFingerprint?: string;

  @Reason()
  reason: string;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'To two decimals', example: 0.9 })
  @IsNumber({ allowNaN: false, allowInfinity: false, maxDecimalPlaces: 2 })
  @Min(0)
  @Max(1)
  confidence: number;
}

export function toScalperWish(body: AddKnownScalperDto): ScalperWish {
  const { userId = null, deviceFingerprint = null, reason, confidence } = body;
  return { userId, deviceFingerprint, reason, confidence };
}
