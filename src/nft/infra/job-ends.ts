import { assertNever } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { closeItem, openItem } from '../../kernel/open-items/index.js';
import { publish } from '../../kernel/outbox/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { gasShares } from '../domain/gas-postings.js';
import {
  mintCompleted,
  mintFailed,
  type TokenConcerned,
  tokenRevoked,
} from '../domain/published-events.js';
import type { ClaimedJob } from './batch-rows.js';
import { endClaims, endMints, endRevocations, failMints, failRevocations } from './end-rows.js';
import type { Found, Token } from './job-tasks.js';
import { startRevocations, startTransfers } from './mint-rows.js';
import type { RevocationKind } from './ticket-chain.js';

/** The transaction that did it, `gas` in wei or lamports; null: it was found done. */
export type By = { readonly hash: string; readonly gas: bigint } | null;

/** A token that is as it should be; one that a transaction of the job has made exists. */
export type Reached = Token & Partial<Found>;

/** Kinds of open items that tokens make. */
export const MINT_FAILED = 'mint_failed';
export const REVOCATION_FAILED = 'token_revocation_failed';
export const CLAIM_FAILED = 'token_claim_failed';

/** Everything that follows when tickets of a job are as they should be, in a final block. */
export function reached(
  job: ClaimedJob,
  tokens: readonly Reached[],
  by: By,
  at: Date,
): readonly Statement[] {
  if (tokens.length === 0) return [];
  const { task } = job;
  switch (task.kind) {
    case 'mint':
      return minted(job, tokens, by, at);
    case 'revoke':
      return revoked(job, tokens, by, at, task.how);
    case 'transfer':
      return handedOver(job, tokens, task.to);
    default:
      return assertNever(task);
  }
}

function minted(
  job: ClaimedJob,
  tokens: readonly Reached[],
  by: By,
  at: Date,
): readonly Statement[] {
  const { tenantId } = job;
  const shares = by && gasShares(by.gas, tokens.length);
  const kept = tokens.filter(({ isKept }) => isKept);
  const ends = tokens.map(({ mint, identity }, place) => ({
    ticketId: mint.ticketId,
    tokenId: identity.tokenId,
    base: identity.base,
    gas: shares?.[place] ?? null,
  }));
  return [
    endMints(job, ends, by?.hash ?? null),
    ...tokens.map((token) => publish(tenantId, mintCompleted(concerned(token, by), at))),
    ...tokens
      .filter(({ mint }) => mint.attempts > 0)
      .map(({ mint }) => closeItem(tenantId, MINT_FAILED, mint.id, 'The ticket is a token now')),
    ...(kept.length > 0 ? [startTransfers(tenantId, idsOf(kept))] : []),
    startRevocations(tenantId, idsOf(tokens)),
  ];
}

function revoked(
  job: ClaimedJob,
  tokens: readonly Reached[],
  by: By,
  at: Date,
  how: RevocationKind,
): readonly Statement[] {
  const { tenantId } = job;
  const existing = tokens.filter(({ exists = true }) => exists);
  const never = tokens.filter(({ exists = true }) => !exists);
  return [
    ...(existing.length > 0 ? [endRevocations(job, idsOf(existing), 'revoked')] : []),
    ...(never.length > 0 ? [endRevocations(job, idsOf(never), 'cancelled')] : []),
    ...existing.map((token) => publish(tenantId, tokenRevoked(concerned(token, by), how, at))),
    ...tokens.map(({ mint }) =>
      closeItem(tenantId, REVOCATION_FAILED, mint.id, 'The token is taken back'),
    ),
    ...never.map(({ mint }) => closeItem(tenantId, MINT_FAILED, mint.id, 'Its sale was undone')),
  ];
}

function handedOver(job: ClaimedJob, tokens: readonly Token[], to: string): readonly Statement[] {
  const { tenantId } = job;
  return [
    endClaims(job, idsOf(tokens), to),
    ...tokens.map(({ mint }) => closeItem(tenantId, CLAIM_FAILED, mint.id, 'The wallet has it')),
    startRevocations(tenantId, idsOf(tokens)),
  ];
}

/** What follows when tickets of a job are left to a person. */
export function givenUp(
  job: ClaimedJob,
  tokens: readonly Token[],
  reason: string,
  at: Date,
): readonly Statement[] {
  if (tokens.length === 0) return [];
  const { tenantId, task } = job;
  const ids = idsOf(tokens);
  switch (task.kind) {
    case 'mint':
      return [
        failMints(job, ids, reason),
        ...tokens.map((token) =>
          publish(tenantId, mintFailed(concerned(token, null), job.id, reason, at)),
        ),
        ...tokens
          .filter(({ mint }) => mint.revocation !== 'keep')
          .map((token) => forPerson(job, MINT_FAILED, token, reason)),
        startRevocations(tenantId, ids),
      ];
    case 'revoke':
      return [
        failRevocations(job, ids, reason),
        ...tokens.map((token) => forPerson(job, REVOCATION_FAILED, token, reason)),
      ];
    case 'transfer':
      return [
        endClaims(job, ids, null),
        ...tokens.map((token) => forPerson(job, CLAIM_FAILED, token, reason)),
        startRevocations(tenantId, ids),
      ];
    default:
      return assertNever(task);
  }
}

function forPerson(job: ClaimedJob, kind: string, { mint }: Token, reason: string): Statement {
  return openItem(job.tenantId, {
    kind,
    subjectType: 'mint',
    subjectId: mint.id,
    cause: reason,
    details: { jobId: job.id, ticketId: mint.ticketId, paymentId: mint.paymentId },
  });
}

function concerned({ mint, identity }: Token, by: By): TokenConcerned {
  const { tokenId, base } = identity;
  return { ...mint, tokenId, base, transactionHash: by?.hash ?? null };
}

const idsOf = (tokens: readonly Token[]): readonly Uuid[] =>
  tokens.map(({ mint }) => mint.ticketId);
