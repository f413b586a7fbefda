import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';

const TOKEN_ID = '^(\\d{1,78}|[1-9A-HJ-NP-Za-km-z]{32,44})$';

export class TokenParams {
  @ApiProperty({
    pattern: TOKEN_ID,
    example: '7231140691325140623414062651170213651024683143',
    description: 'Polygon: decimal digits. Solana: the mint account’s address.',
  })
  @IsString()
  @Matches(new RegExp(TOKEN_ID), { message: 'must be the id of a token' })
  tokenId: string;
}
