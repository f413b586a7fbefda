import type { IncomingHttpHeaders } from 'node:http';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { PeriodicTasks } from '../../kernel/jobs/periodic.js';
import { Database } from '../../kernel/postgres/database.js';
import { keep } from '../infra/inbox-rows.js';
import { WEBHOOK_INBOX } from '../infra/inbox-worker.js';
import { WebhookProviders } from '../infra/webhook-providers.js';

/** The tenant that shared provider accounts, and so their events, belong to. */
export const PLATFORM_TENANT = Symbol('PLATFORM_TENANT');

const MAX_BYTES = 256 * 1024;

export interface WebhookReceipt {
  readonly received: true;
}

/**
 * Keeps a provider's event: the receipt is given only when the row is committed, by this call or
 * an earlier one. Refusals: `NOT_FOUND` (unknown provider), `PAYLOAD_TOO_LARGE` (over 256 kB),
 * `INVALID_SIGNATURE`, `BAD_REQUEST` (no event of the provider); nothing is stored then.
 */
export class ReceiveWebhook extends Command<WebhookReceipt | Refusal> {
  constructor(
    readonly provider: string,
    readonly rawBody: Buffer | undefined,
    readonly headers: IncomingHttpHeaders,
  ) {
    super();
  }
}

@CommandHandler(ReceiveWebhook)
export class ReceiveWebhookHandler implements ICommandHandler<ReceiveWebhook> {
  constructor(
    private readonly database: Database,
    private readonly providers: WebhookProviders,
    private readonly tasks: PeriodicTasks,
    @Inject(PLATFORM_TENANT) private readonly platformTenant: Uuid,
  ) {}

  async execute(command: ReceiveWebhook): Promise<WebhookReceipt | Refusal> {
    const { provider, rawBody, headers } = command;
    const source = this.providers.source(provider);
    if (!source) return refuse('NOT_FOUND', 'Not found');
    if (!rawBody?.length) return refuse('INVALID_SIGNATURE', 'The signature is not valid');
    if (rawBody.length > MAX_BYTES) return refuse('PAYLOAD_TOO_LARGE', 'The body is too large');
    const event = await source.verify(rawBody, headers);
    if (isRefusal(event)) return event;
    const tenantId = event.tenantId ?? this.platformTenant;
    await this.database.transact(tenantId, [keep(tenantId, provider, event)]);
    await failpoint('webhook.after_inbox');
    this.tasks.nudge(WEBHOOK_INBOX);
    return { received: true };
  }
}
