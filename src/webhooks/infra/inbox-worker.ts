import { Injectable, Logger } from '@nestjs/common';
import { workOn, WorkSources } from '../../kernel/jobs/index.js';
import { openItem } from '../../kernel/open-items/index.js';
import { failureText, isTransient } from '../../kernel/outbox/index.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import type { InboxVerdict } from '../webhooks.contract.js';
import {
  claimedWebhook,
  type ClaimedWebhook,
  INBOX,
  markProcessed,
  putBack,
  quarantine,
} from './inbox-rows.js';
import { WebhookProviders } from './webhook-providers.js';

export const WEBHOOK_INBOX = 'webhook inbox';

/** Works through the inbox. Any number of workers share it. */
@Injectable()
export class InboxWorker {
  private readonly log = new Logger(InboxWorker.name);

  constructor(
    private readonly database: Database,
    private readonly providers: WebhookProviders,
    sources: WorkSources,
  ) {
    const source = { name: WEBHOOK_INBOX, queue: 'webhook-processing', table: INBOX } as const;
    sources.add(workOn(database, source, (row) => this.process(claimedWebhook(row))));
  }

  private async process(event: ClaimedWebhook): Promise<void> {
    let verdict: InboxVerdict;
    try {
      const handler = this.providers.handler(event.provider);
      if (!handler) throw new Error(`nobody handles events of ${event.provider}`);
      verdict = await handler.handle(event);
    } catch (error) {
      await this.putBack(event, failureText(error), !isTransient(error));
      return;
    }
    if (verdict === 'processed') {
      await this.database.asWorker([markProcessed(event)]);
    } else if (verdict === 'retry') {
      await this.putBack(event, 'the object is not known yet', true);
    } else {
      await this.database.asWorker([
        quarantine(event, verdict.quarantine),
        forHuman('webhook_quarantined', event, verdict.quarantine),
      ]);
      this.log.error(`${nameOf(event)} is quarantined: ${verdict.quarantine}`);
    }
  }

  private async putBack(event: ClaimedWebhook, reason: string, counts: boolean): Promise<void> {
    const [result] = await this.database.asWorker([putBack(event, reason, counts)]);
    if (result?.rows[0]?.status === 'failed') {
      this.log.error(`${nameOf(event)} needs a human: ${reason}`);
      await this.database.asWorker([forHuman('webhook_failed', event, reason)]);
    } else {
      this.log.warn(`${nameOf(event)} will be tried again: ${reason}`);
    }
  }
}

function forHuman(kind: string, event: ClaimedWebhook, cause: string): Statement {
  const { tenantId, inboxId, eventId, eventType, provider } = event;
  return openItem(tenantId, {
    kind,
    subjectType: 'webhook',
    subjectId: inboxId,
    cause,
    details: { provider, eventId, eventType },
  });
}

function nameOf({ provider, eventType, eventId }: ClaimedWebhook): string {
  return `${provider} ${eventType} ${eventId}`;
}
