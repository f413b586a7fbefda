import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../kernel/auth/index.js';
import { type SandboxSource, sandboxView, type SandboxView } from './sandbox.view.js';

/** Injection token of the `SandboxSource`. */
export const SANDBOX_SOURCE = Symbol('SANDBOX_SOURCE');

@ApiTags('Sandbox')
@Public()
@Controller('sandbox')
export class SandboxController {
  constructor(@Inject(SANDBOX_SOURCE) private readonly source: SandboxSource) {}

  /** Tokens are minted for each call and valid for 12 hours. */
  @Get()
  @ApiOperation({ summary: 'Ids, tokens, cards and addresses to try the API with' })
  @ApiOkResponse({ schema: { type: 'object' }, description: 'The sandbox, by stable names' })
  async describe(@Req() request: FastifyRequest): Promise<SandboxView> {
    const baseUrl = `${request.protocol}://${request.host}`;
    return sandboxView(this.source.description, await this.source.tokens(), baseUrl);
  }
}
