import { Injectable, Logger } from '@nestjs/common';
import { audit } from '../../kernel/audit/index.js';
import { Clock } from '../../kernel/clock.js';
import { VaultError } from '../../kernel/crypto/index.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { closeItem, openItem } from '../../kernel/open-items/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { asDatabaseError } from '../../kernel/postgres/errors.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { type Attempt, FAILING_TOO_LONG_MS, SCHEDULE_MS, verdictOn } from '../domain/attempt.js';
import type { DisabledReason } from '../domain/endpoint.js';
import { AddressPolicy } from './address-policy.js';
import { DeliveryTargets, NO_TARGET, type NoTarget, type Target } from './delivery-targets.js';
import { type ClaimedDelivery, insertAttempt, settleDelivery } from './delivery-rows.js';
import { disableEndpoint, ENDPOINT_GONE, noteHealth } from './endpoint-rows.js';
import { signedHeaders } from './sign-message.js';
import { WebhookSender } from './webhook-sender.js';

/** Until somebody who may know the service is given its delivery. */
const UNCONFIGURED_SECONDS = 60;

/** Tries a delivery once, and notes how it went with everything that follows from it. */
@Injectable()
export class Deliverer {
  private readonly log = new Logger(Deliverer.name);

  constructor(
    private readonly database: Database,
    private readonly targets: DeliveryTargets,
    private readonly policy: AddressPolicy,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
  ) {}

  async deliver(delivery: ClaimedDelivery): Promise<void> {
    const target = await this.targets.find(delivery.tenantId, delivery.endpointId);
    if (typeof target === 'string') {
      await this.database.transact(delivery.tenantId, this.untried(delivery, target));
      return;
    }
    await failpoint('webhook.before_send');
    const attempt = await this.attempt(delivery, target);
    await failpoint('webhook.after_send');
    // What the platform's services say to each other is not for the tenant to read.
    const kept = target.isPlatforms ? { ...attempt, answerExcerpt: null } : attempt;
    await this.record(delivery, target, kept);
  }

  /** A service that no process knows for as long as tries would go on is given up like one that is away. */
  private untried(delivery: ClaimedDelivery, why: NoTarget): Statement[] {
    const error = NO_TARGET[why];
    const waitedMs = this.clock.now().getTime() - delivery.pendingSince.getTime();
    const waits = waitedMs < SCHEDULE_MS ? 'pending' : 'failed';
    const status = why === 'unconfigured' ? waits : 'skipped';
    return [
      settleDelivery(delivery, { status, tried: false, error, seconds: UNCONFIGURED_SECONDS }),
      ...(status === 'failed' ? [givenUp(delivery, error, delivery.attempts)] : []),
    ];
  }

  private async attempt({ eventId, body }: ClaimedDelivery, target: Target): Promise<Attempt> {
    const at = this.clock.now();
    const url = new URL(target.url);
    // Judged again: what the configuration allows may have changed since it was taken.
    const objection = target.isPlatforms ? undefined : this.policy.objection(target.url);
    if (objection) return unsent(at, 'blocked', `The address ${objection}`);
    try {
      const headers = signedHeaders(target.secrets(), eventId, at, body);
      const trusted = target.isPlatforms || this.policy.isTrusted(url);
      return await this.sender.post({ url, trusted }, headers, body);
    } catch (error) {
      if (error instanceof VaultError) return unsent(at, 'unsigned', error.message);
      throw error;
    }
  }

  private async record(delivery: ClaimedDelivery, target: Target, attempt: Attempt): Promise<void> {
    const { tenantId } = delivery;
    const reason = this.disabling(delivery, target, attempt);
    const disabled = reason ? disabling(delivery, reason, attempt) : [];
    const results = [...settlement(delivery, attempt), ...health(delivery, target, attempt)];
    try {
      await this.database.transact(tenantId, [...results, ...disabled]);
    } catch (error) {
      // Another delivery has disabled it, or an administrator has removed it.
      if (asDatabaseError(error)?.detail !== ENDPOINT_GONE) throw error;
      await this.database.transact(tenantId, results);
    }
    if (attempt.outcome === 'delivered') return;
    const { eventType, id } = delivery;
    this.log.warn(`the webhook ${eventType} ${id} was not delivered: ${String(attempt.error)}`);
  }

  private disabling(
    { attempts }: ClaimedDelivery,
    target: Target,
    { outcome }: Attempt,
  ): DisabledReason | undefined {
    if (target.isPlatforms) return undefined;
    if (outcome === 'gone') return 'gone';
    // Where little is sent, days may lie between one failure and the next: a hiccup proves nothing.
    if (verdictOn(outcome, attempts).status !== 'failed') return undefined;
    const failingMs = target.failingSince && this.clock.now().getTime() - +target.failingSince;
    return failingMs !== null && failingMs > FAILING_TOO_LONG_MS ? 'failing' : undefined;
  }
}

function unsent(startedAt: Date, outcome: 'blocked' | 'unsigned', error: string): Attempt {
  return { startedAt, durationMs: 0, outcome, httpStatus: null, error, answerExcerpt: null };
}

function settlement(delivery: ClaimedDelivery, attempt: Attempt): Statement[] {
  const { attempts } = delivery;
  const verdict = verdictOn(attempt.outcome, attempts);
  const seconds = 'seconds' in verdict ? verdict.seconds : 0;
  const { status } = verdict;
  return [
    settleDelivery(delivery, { status, tried: true, error: attempt.error, seconds }),
    insertAttempt(delivery, attempt),
    ...(status === 'failed'
      ? [givenUp(delivery, attempt.error ?? attempt.outcome, attempts + 1)]
      : []),
  ];
}

/** One item an endpoint: a day of failures is one thing to look at. */
function givenUp(delivery: ClaimedDelivery, why: string, attempts: number): Statement {
  const { tenantId, id, endpointId, eventType } = delivery;
  return openItem(tenantId, {
    kind: 'webhook_delivery_failed',
    subjectType: 'webhook_endpoint',
    subjectId: endpointId,
    cause: `Given up: ${why}`,
    details: { deliveryId: id, eventType, attempts },
  });
}

/** Nothing to write for an endpoint that goes on as before. */
function health(delivery: ClaimedDelivery, target: Target, { outcome }: Attempt): Statement[] {
  const arrives = outcome === 'delivered';
  if (target.isPlatforms || arrives === (target.failingSince === null)) return [];
  const { tenantId, endpointId } = delivery;
  return [
    noteHealth(tenantId, endpointId, arrives),
    ...(arrives
      ? [closeItem(tenantId, 'webhook_delivery_failed', endpointId, 'Deliveries arrive again')]
      : []),
  ];
}

function disabling(
  { tenantId, endpointId }: ClaimedDelivery,
  reason: DisabledReason,
  { error }: Attempt,
): Statement[] {
  return [
    disableEndpoint(tenantId, endpointId, reason),
    audit(tenantId, {
      actor: { type: 'system', id: 'webhooks' },
      action: 'webhook_endpoint.disabled',
      object: { type: 'webhook_endpoint', id: endpointId },
      before: { enabled: true },
      after: { enabled: false, reason },
    }),
    openItem(tenantId, {
      kind: 'webhook_endpoint_disabled',
      subjectType: 'webhook_endpoint',
      subjectId: endpointId,
      cause: `Nothing more is sent: ${error ?? reason}`,
      details: { reason },
    }),
  ];
}
