import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import { endLease, type KeyScope, storeAnswer } from '../../kernel/idempotency/idempotency.js';
import { Answer } from '../../kernel/http/answer.js';
import type { Uuid } from '../../kernel/ids.js';
import type { PaymentAnswer } from '../domain/answer.js';
import { evidenceAnswer } from '../domain/dispute-answer.js';
import type { DisputeCase, DisputeCommand } from '../domain/dispute-case.js';
import { follows } from '../domain/dispute-case-states.js';
import { DisputeCases } from '../infra/dispute-cases.js';
import { DisputeLog } from '../infra/dispute-log.js';
import { endEvidence, evidenceUnknown } from '../infra/evidence-rows.js';
import { type EvidenceOutcome, PaymentProvider } from '../infra/payment-provider.js';
import { takingTurns } from './dispute-turns.js';
import type { RequestMeta } from './request-meta.js';
import { ReviewPayment } from './review-payment.js';

/** Evidence on record that is to go out, and the request that wants it. */
export interface SentEvidence {
  readonly operationId: Uuid;
  readonly disputeId: Uuid;
  readonly submit: boolean;
  readonly scope: KeyScope;
  readonly meta: Pick<RequestMeta, 'path' | 'requestId'> & {
    readonly correlationId: string | null;
  };
}

type Outcome = EvidenceOutcome | { readonly kind: 'known' };

/** Carries recorded evidence to the provider, records what became of it and answers its key. */
@Injectable()
export class DisputeEvidenceSending {
  constructor(
    private readonly cases: DisputeCases,
    private readonly log: DisputeLog,
    private readonly provider: PaymentProvider,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  /** For the first time, under the operation's own key. */
  send(sent: SentEvidence): Promise<Answer | Refusal> {
    return this.carry(sent, (dispute) => this.ask(sent, dispute));
  }

  /**
   * What may have arrived before. A provider knows a key for a day alone, and may answer it with a
   * failure of its own for ever: first it is asked what it has, and gets only what it has not.
   */
  sendAgain(sent: SentEvidence): Promise<Answer | Refusal> {
    return this.carry(sent, (dispute) => this.lookAndAsk(sent, dispute));
  }

  private async carry(
    sent: SentEvidence,
    ask: (dispute: DisputeCase) => Promise<Outcome>,
  ): Promise<Answer | Refusal> {
    const { tenantId } = sent.scope;
    const { dispute } = await this.cases.load(tenantId, sent.disputeId);
    if (dispute.status === 'NONE') return NO_DISPUTE;
    const outcome = await ask(dispute);
    const answer = await takingTurns(() => this.settle(sent, outcome));
    if (isRefusal(answer)) return answer;
    // The provider knows the dispute differently: then so should we, now rather than later.
    if (outcome.kind === 'failed') {
      await this.commands.execute(new ReviewPayment(tenantId, dispute.paymentId));
    }
    return Answer.of(answer.status, answer.body);
  }

  /** Only what was handed in can be told apart afterwards; a draft may be put there twice. */
  private async lookAndAsk(sent: SentEvidence, before: DisputeCase): Promise<Outcome> {
    if (!sent.submit) return this.ask(sent, before);
    const { tenantId } = sent.scope;
    const seen = await this.commands.execute(new ReviewPayment(tenantId, before.paymentId));
    if (isRefusal(seen)) return { kind: 'unknown', reason: seen.message };
    const { dispute } = await this.cases.load(tenantId, sent.disputeId);
    return this.ask(sent, dispute.status === 'NONE' ? before : dispute);
  }

  private async ask(
    { operationId, submit, scope }: SentEvidence,
    { reference, paymentId, drafts, submission }: DisputeCase,
  ): Promise<Outcome> {
    if (submission?.operationId === operationId) return { kind: 'known' };
    const draft = drafts[operationId];
    if (!draft) throw new Error(`evidence ${operationId} was not recorded`);
    // An inquiry that became a dispute takes evidence anew: what was meant for it would use that up.
    if (submit && !draft.submits) return { kind: 'failed', reason: 'the dispute has moved on' };
    const { evidence: text } = draft;
    const purchaseAddress = await this.log.purchaseAddress(scope.tenantId, paymentId);
    return this.provider.submitEvidence(reference, { text, purchaseAddress }, submit, operationId);
  }

  private async settle(sent: SentEvidence, outcome: Outcome): Promise<PaymentAnswer | Refusal> {
    const { disputeId: id, scope, meta } = sent;
    const { tenantId } = scope;
    const known = await this.cases.load(tenantId, id);
    if (known.dispute.status === 'NONE') return NO_DISPUTE;
    const at = this.clock.now();
    const { path, requestId } = meta;
    const answerOf = (dispute: DisputeCase) =>
      evidenceAnswer(id, dispute, outcome.kind, { at, path, requestId });
    const recorded = await this.cases.record(
      { tenantId, id },
      known,
      learnt(sent, known.dispute, outcome, at.toISOString()),
      {
        correlationId: meta.correlationId,
        also: ({ dispute }) => {
          const { status, body, final } = answerOf(dispute);
          const answer = { status, body: JSON.stringify(body) };
          return final
            ? [storeAnswer(scope, answer), endEvidence(tenantId, sent.operationId)]
            : [endLease(scope), evidenceUnknown(tenantId, sent.operationId, waitOf(outcome))];
        },
      },
    );
    return isRefusal(recorded) ? recorded : answerOf(recorded.dispute);
  }
}

/** What the provider's answer adds, unless more than that is known already. */
function learnt(
  { operationId, submit }: SentEvidence,
  { status, paymentId, venueId, provider }: DisputeCase,
  outcome: Outcome,
  at: string,
): DisputeCommand[] {
  if (outcome.kind !== 'succeeded') return [];
  const { dispute: found } = outcome;
  const owner = { paymentId, venueId, provider };
  return [
    ...(submit ? [{ type: 'ConfirmSubmission', operationId, at } as const] : []),
    ...(follows(status, found.status)
      ? [{ type: 'Sync', found, owner, confirmed: false, at } as const]
      : []),
  ];
}

function waitOf(outcome: Outcome): number | undefined {
  return outcome.kind === 'unknown' ? outcome.retryAfterSeconds : undefined;
}

const NO_DISPUTE = refuse('NOT_FOUND', 'There is no such dispute.');
