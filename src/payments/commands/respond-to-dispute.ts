import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { audit, userActor } from '../../kernel/audit/index.js';
import { manages } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { claimKey } from '../../kernel/idempotency/idempotency.js';
import type { Answer } from '../../kernel/http/answer.js';
import { newId, type Uuid } from '../../kernel/ids.js';
import type { DisputeCase } from '../domain/dispute-case.js';
import { type Evidence, overridden } from '../domain/dispute-evidence.js';
import { DisputeCases, type RecordedDispute } from '../infra/dispute-cases.js';
import { DisputeLog } from '../infra/dispute-log.js';
import { EVIDENCE, insertEvidence } from '../infra/evidence-rows.js';
import { PaymentProvider } from '../infra/payment-provider.js';
import { DisputeEvidenceSending, type SentEvidence } from './dispute-evidence-sending.js';
import { takingTurns } from './dispute-turns.js';
import { KeyedRequests } from './keyed-requests.js';
import type { RequestMeta } from './request-meta.js';

/**
 * Gives a dispute its evidence, as a draft or handed in to the bank, which takes it once. Without
 * `evidence` a draft is built from our own log, and a submission hands in the draft as it stands
 * (the log's where there is none); with it, those texts go over the draft's or the log's. For the
 * venue's owner and managers and administrators, else `NOT_FOUND`; refuses `DISPUTE_CLOSED` when it
 * takes no evidence (any more), `PROVIDER_UNAVAILABLE`, and `VALIDATION_ERROR` for none or too much.
 */
export class RespondToDispute extends Command<Answer | Refusal> {
  constructor(
    readonly disputeId: Uuid,
    readonly submit: boolean,
    readonly evidence: Evidence | null,
    readonly meta: RequestMeta,
  ) {
    super();
  }
}

@CommandHandler(RespondToDispute)
export class RespondToDisputeHandler implements ICommandHandler<RespondToDispute> {
  constructor(
    private readonly keyed: KeyedRequests,
    private readonly cases: DisputeCases,
    private readonly log: DisputeLog,
    private readonly provider: PaymentProvider,
    private readonly sending: DisputeEvidenceSending,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  execute({ disputeId, submit, evidence, meta }: RespondToDispute): Promise<Answer | Refusal> {
    const { tenantId, userId } = meta.principal;
    const scope = { tenantId, userId, operation: EVIDENCE, key: meta.idempotencyKey };
    const request = { disputeId, submit, scope, meta };
    return this.keyed.execute({
      scope,
      body: { disputeId, submit, evidence },
      begin: async (hash) => {
        const sent = { ...request, operationId: newId() };
        const drafted = await takingTurns(() => this.draft(sent, meta, evidence, hash));
        return isRefusal(drafted) ? drafted : this.sending.send(sent);
      },
      goOn: (operationId) => this.sending.sendAgain({ ...request, operationId }),
    });
  }

  /** Commits what will be sent, with the key that it is asked under. */
  private async draft(
    { operationId, disputeId: id, submit: submits, scope }: SentEvidence,
    meta: RequestMeta,
    given: Evidence | null,
    hash: string,
  ): Promise<RecordedDispute | Refusal> {
    const { tenantId } = scope;
    const request = { path: meta.path, requestId: meta.requestId };
    const known = await this.cases.load(tenantId, id);
    const { dispute } = known;
    if (dispute.status === 'NONE' || !manages(meta.principal, dispute.venueId)) return NO_DISPUTE;
    if (!this.provider.available()) return AWAY;
    const evidence = await this.evidenceOf(tenantId, dispute, submits, given);
    const at = this.clock.now().toISOString();
    return this.cases.record(
      { tenantId, id },
      known,
      [{ type: 'DraftEvidence', operationId, evidence, submits, at }],
      {
        correlationId: meta.correlationId,
        also: () => [
          claimKey(scope, hash, operationId, this.config.idempotency.ttlSeconds),
          ...(submits ? [insertEvidence({ operationId, disputeId: id, scope, request })] : []),
          audit(tenantId, {
            actor: userActor(meta.principal),
            action: submits ? 'dispute.submission_requested' : 'dispute.evidence_drafted',
            object: { type: 'dispute', id },
            before: { status: dispute.status, fields: Object.keys(dispute.evidence ?? {}) },
            after: { operationId, paymentId: dispute.paymentId, fields: Object.keys(evidence) },
          }),
        ],
      },
    );
  }

  private async evidenceOf(
    tenantId: Uuid,
    { paymentId, evidence: draft }: DisputeCase,
    submits: boolean,
    given: Evidence | null,
  ): Promise<Evidence> {
    const keptDraft = given === null && !submits ? null : draft;
    return overridden(keptDraft ?? (await this.log.evidence(tenantId, paymentId)), given ?? {});
  }
}

const NO_DISPUTE = refuse('NOT_FOUND', 'There is no such dispute.');

const AWAY = refuse(
  'PROVIDER_UNAVAILABLE',
  'The payment provider is unavailable. Try again soon.',
  { retryAfterSeconds: 5 },
);
