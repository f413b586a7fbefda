import { ApiProperty } from '@nestjs/swagger';
import { TOKEN_SYMBOL } from '../domain/metadata.js';

class TokenAttributeView {
  @ApiProperty({ example: 'Event' })
  trait_type: string;

  @ApiProperty({ example: 'Rock Night' })
  value: string;
}

export class TokenMetadataView {
  @ApiProperty({ example: 'Rock Night' })
  name: string;

  @ApiProperty({ example: TOKEN_SYMBOL })
  symbol: string;

  @ApiProperty({ example: 'A ticket for Rock Night on 2026-11-21.' })
  description: string;

  @ApiProperty({ example: 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0i…' })
  image: string;

  @ApiProperty({ type: [TokenAttributeView] })
  attributes: TokenAttributeView[];
}
