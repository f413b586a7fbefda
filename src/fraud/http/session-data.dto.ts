import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Matches, ValidateNested } from 'class-validator';
import { MAX_ACTIONS, type Primitive, type SessionAction } from '../domain/session.js';
import { AreActions, AreFeatures, IsSession, MayBeAbsent } from './session-rules.js';

const DEVICE_FINGERPRINT = /^[A-Za-z0-9_\-:.]{8,128}$/;

/** One action, for the documentation; `AreActions` checks the list in one pass. */
export class SessionActionView {
  @ApiProperty({ example: 'mousemove', pattern: '^[A-Za-z][A-Za-z0-9_.:-]{0,31}$' })
  readonly type: string;

  @ApiPropertyOptional({ description: 'Milliseconds, since 1970 or since the page was opened' })
  readonly t?: number;

  @ApiPropertyOptional({ minimum: -1_000_000, maximum: 1_000_000, example: 640.5 })
  readonly x?: number;

  @ApiPropertyOptional({ minimum: -1_000_000, maximum: 1_000_000, example: 360 })
  readonly y?: number;

  @ApiPropertyOptional({ maxLength: 128, description: 'Selector of what was acted on' })
  readonly target?: string;

  @ApiPropertyOptional({ maxLength: 32, description: 'Only named keys, such as Tab, are kept' })
  readonly key?: string;
}

/** How the buyer behaved in the page, and in which browser. At most 64 kB; stored redacted. */
export class SessionDataDto {
  @MayBeAbsent()
  @AreActions()
  @ApiPropertyOptional({ type: [SessionActionView], maxItems: MAX_ACTIONS })
  readonly actions?: readonly SessionAction[];

  @MayBeAbsent()
  @AreFeatures()
  @ApiPropertyOptional({
    type: 'object',
    maxProperties: 50,
    additionalProperties: {
      oneOf: [{ type: 'string', maxLength: 512 }, { type: 'number' }, { type: 'boolean' }],
      nullable: true,
    },
    example: { platform: 'MacIntel', webdriver: false, screenWidth: 1512 },
  })
  readonly browserFeatures?: Readonly<Record<string, Primitive>>;
}

/** The rule of an optional `sessionData` property, whose type is `SessionDataDto`. */
export const SessionData = (): PropertyDecorator =>
  applyDecorators(
    MayBeAbsent(),
    IsSession(),
    ValidateNested(),
    Type(() => SessionDataDto),
    ApiPropertyOptional({ type: SessionDataDto }),
  );

/** The rule of an optional `deviceFingerprint` property: 8 to 128 letters, digits, `_`, `-`, `:`, `.`. */
export const DeviceFingerprint = (): PropertyDecorator =>
  applyDecorators(
    MayBeAbsent(),
    Matches(DEVICE_FINGERPRINT, {
      message: 'must be 8 to 128 letters, digits, underscores, dashes, colons or dots',
    }),
    ApiPropertyOptional({ pattern: DEVICE_FINGERPRINT.source, example: 'fp_8f14e45fceea167a' }),
  );
