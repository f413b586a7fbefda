import { Controller, Get, Header, Headers, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../kernel/auth/index.js';
import { AppError } from '../../kernel/errors.js';
import { SANDBOX_SOURCE } from '../sandbox.controller.js';
import type { SandboxSource } from '../sandbox.view.js';
import { mailboxPage } from './mailbox-page.js';
import type { ReceivedMail } from './received-mails.js';

const TIMEOUT_MS = 2_000;

@ApiTags('Sandbox')
@Public()
@Controller('sandbox')
export class MailboxController {
  constructor(@Inject(SANDBOX_SOURCE) private readonly source: SandboxSource) {}

  @Get('mail')
  @ApiOperation({ summary: 'The mails that buyers were sent; a page, or JSON by Accept' })
  @ApiProduces('text/html', 'application/json')
  @ApiOkResponse({ description: 'The last 500 mails, newest first' })
  async show(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | { mails: readonly ReceivedMail[] }> {
    const mails = await this.mails();
    void reply.header('vary', 'accept');
    if (accept?.includes('application/json')) return { mails };
    void reply.type('text/html; charset=utf-8');
    return mailboxPage(mails);
  }

  @Get('mail.json')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The mails that buyers were sent, as JSON' })
  @ApiOkResponse({ schema: { type: 'object' }, description: 'The last 500 mails, newest first' })
  async list(): Promise<{ mails: readonly ReceivedMail[] }> {
    return { mails: await this.mails() };
  }

  private async mails(): Promise<readonly ReceivedMail[]> {
    const { mailbox = '' } = this.source.description.emulators;
    try {
      const answer = await fetch(`${mailbox}/mails`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      return ((await answer.json()) as { mails: ReceivedMail[] }).mails;
    } catch {
      throw new AppError('SERVICE_UNAVAILABLE', 'The mailbox of the sandbox does not answer.');
    }
  }
}
