import { Injectable } from '@nestjs/common';
import { isRefusal, refuse, type Refusal } from '../../kernel/errors.js';
import {
  type KeyScope,
  type KnownKey,
  LOST_REQUEST,
  parseKey,
  readKey,
  requestHash,
  takeOver,
} from '../../kernel/idempotency/idempotency.js';
import { Answer } from '../../kernel/http/answer.js';
import type { Uuid } from '../../kernel/ids.js';
import { idempotencyHits } from '../../kernel/observability/metrics.js';
import { Database } from '../../kernel/postgres/database.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';
import type { PaymentAnswer } from '../domain/answer.js';

/** A request that moves money, and its two ways on. */
export interface KeyedRequest {
  readonly scope: KeyScope;
  /** The parsed body, and what else tells this request from another one. */
  readonly body: unknown;
  /** Does it for the first time; its transaction claims the key with `hash`. */
  begin(hash: string): Promise<Answer | Refusal>;
  /** Takes up what the first request of the key has begun. */
  goOn(resourceId: Uuid): Promise<Answer | Refusal>;
}

/** Answers requests by their key: a final answer again and again, an open one by going on with it. */
@Injectable()
export class KeyedRequests {
  constructor(private readonly database: Database) {}

  async execute(request: KeyedRequest): Promise<Answer | Refusal> {
    const hash = requestHash(request.body);
    const known = await this.known(request.scope);
    if (known) return this.answerAgain(request, hash, known);
    try {
      const begun = await request.begin(hash);
      // What was refused may have gone to the same request, sent twice at once.
      const taken = isRefusal(begun) ? await this.known(request.scope) : null;
      return taken ? await this.answerAgain(request, hash, taken) : begun;
    } catch (error) {
      if (!failedWith(error, SQLSTATE.keyTaken)) throw error;
      const taken = await this.known(request.scope);
      if (!taken) throw error;
      return this.answerAgain(request, hash, taken);
    }
  }

  async known(scope: KeyScope): Promise<KnownKey | null> {
    const [row] = await this.database.read(scope.tenantId, [readKey(scope)]);
    return parseKey(row);
  }

  /**
   * A final answer as every repetition gets it: whoever recorded the outcome first, a webhook or the
   * janitor, has stored theirs, and the payment may have moved on since.
   */
  async asStored(scope: KeyScope, { status, body, final }: PaymentAnswer): Promise<Answer> {
    const stored = final ? (await this.known(scope))?.answer : undefined;
    return stored ? new Answer(stored.status, stored.body) : Answer.of(status, body);
  }

  async answerAgain(
    { scope, goOn }: Pick<KeyedRequest, 'scope' | 'goOn'>,
    hash: string,
    known: KnownKey,
  ): Promise<Answer | Refusal> {
    if (known.requestHash !== hash && known.requestHash !== LOST_REQUEST) return REUSED;
    if (known.answer) {
      idempotencyHits.inc();
      return replay(known.answer);
    }
    if (known.running) return IN_PROGRESS;
    const [taken] = await this.database.transact(scope.tenantId, [takeOver(scope)]);
    return taken?.rowCount ? goOn(known.resourceId) : IN_PROGRESS;
  }
}

/** A stored answer, byte for byte. */
function replay({ status, body }: { status: number; body: string }): Answer {
  return new Answer(status, body, { 'Idempotent-Replayed': 'true' });
}

const REUSED = refuse(
  'IDEMPOTENCY_KEY_REUSED',
  'This Idempotency-Key was used with another request. Use a new one for a new request.',
);

const IN_PROGRESS = refuse('DUPLICATE_IN_PROGRESS', 'A request with this key is being handled.', {
  retryAfterSeconds: 1,
});
