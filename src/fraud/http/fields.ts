import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, IsUUID, Length } from 'class-validator';

/** Why somebody did something, for those who ask later: no names or addresses. */
export const Reason = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      minLength: 3,
      maxLength: 200,
      description: 'For those who ask later; without names and addresses',
      example: 'Resold 40 tickets in March',
    }),
    IsString(),
    Length(3, 200),
  );

/** The id of an object, as a path names it. */
export class FraudParams {
  @ApiProperty({ format: 'uuid', example: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b71' })
  @IsUUID('all')
  id: string;
}
