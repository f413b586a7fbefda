import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../../kernel/auth/index.js';

class ReturnView {
  @ApiProperty({ example: 'Your bank has answered. You can go back to the shop.' })
  message: string;
}

/** Where a buyer's browser lands after 3-D Secure when the shop named no page of its own. */
@ApiTags('Payments')
@Public()
@Controller('payments/return')
export class PaymentReturnController {
  @Get()
  @ApiOperation({ summary: "Where the provider sends the buyer's browser back to" })
  @ApiOkResponse({ type: ReturnView })
  landed(): ReturnView {
    return { message: 'Your bank has answered. You can go back to the shop.' };
  }
}
