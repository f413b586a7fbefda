import { derivedId, type Uuid } from '../../kernel/ids.js';
import { addJob, type JobKind } from '../../kernel/jobs/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import type { BuyerNews } from '../domain/buyer-letters.js';

/** Half a minute to a day: a mail server that is busy, or wants to see us come again. */
const RETRY = [30, 120, 600, 3_600, 21_600, 86_400];

/** What a mail server would wait for another one (RFC 5321 §4.5.4.1): what comes later is no news. */
const PATIENCE_SECONDS = 5 * 86_400;

/** One mail to a payment's buyer. Its job's id is the left part of the mail's Message-ID. */
export const BUYER_LETTER: JobKind<BuyerNews> = {
  kind: 'buyer_letter',
  queue: 'notifications',
  retry: RETRY,
  patienceSeconds: PATIENCE_SECONDS,
};

/** Who bought of a cancelled event, a page at a time. */
export type Audience = { readonly eventId: string; readonly after: string | null };

export const CANCELLATION_LETTERS: JobKind<Audience> = {
  kind: 'cancellation_letters',
  queue: 'notifications',
  retry: RETRY,
  patienceSeconds: PATIENCE_SECONDS,
};

/** One mail a cause (an event's or a job's id), however often the cause is heard of. */
export function writeToBuyer(
  tenantId: Uuid,
  cause: Uuid,
  news: BuyerNews,
  correlationId?: string,
): Statement {
  const id = derivedId(cause, `letter ${news.letter} ${news.paymentId}`);
  return addJob(tenantId, BUYER_LETTER, {
    id,
    payload: news,
    ...(correlationId !== undefined && { correlationId }),
  });
}

/** The buyers that come after `after` in the order of payment ids. */
export function writeToAudience(tenantId: Uuid, cause: Uuid, audience: Audience): Statement {
  const id = derivedId(cause, `letters to buyers after ${audience.after ?? 'none'}`);
  return addJob(tenantId, CANCELLATION_LETTERS, { id, payload: audience });
}
