import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '../../kernel/auth/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { ApiCommonErrors, ApiErrors } from '../../kernel/http/index.js';
import { ClaimTicket } from '../commands/claim-ticket.js';
import { ClaimTicketDto, TicketParams } from './claims.dto.js';
import { MintView, mintView } from './mints.view.js';

@ApiTags('Tokens')
@Controller('api/v1/nft/tickets')
export class ClaimsController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':ticketId/claim')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Move a ticket’s token from the platform’s custody to a wallet of one’s own',
    description:
      'For the buyer. A token that is not minted yet is minted to the wallet; while it is being ' +
      'minted the claim is refused and may be sent again. Repeating a claim changes nothing.',
  })
  @ApiOkResponse({ type: MintView })
  @ApiCommonErrors()
  @ApiErrors('INVALID_SIGNATURE', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR')
  @ApiErrors('SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE')
  async claim(
    @CurrentPrincipal() principal: Principal,
    @Param() { ticketId }: TicketParams,
    @Body() body: ClaimTicketDto,
  ): Promise<MintView | Refusal> {
    const { wallet, expiresAt, signature } = body;
    const claim = { wallet, expiresAt, signature };
    const command = new ClaimTicket(principal, ticketId.toLowerCase(), claim);
    return mintView(await this.commands.execute(command));
  }
}
