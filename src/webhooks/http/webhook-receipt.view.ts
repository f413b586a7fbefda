import { ApiProperty } from '@nestjs/swagger';

/** What a provider is told once its event is stored. */
export class WebhookReceiptView {
  @ApiProperty({ enum: [true] })
  readonly received: true;
}
