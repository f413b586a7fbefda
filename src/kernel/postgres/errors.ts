/** The connection broke after COMMIT may have been sent: the transaction's outcome must be read back. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('the outcome of a transaction is unknown', { cause });
    this.name = 'CommitUnknown';
  }
}

/** No connection could be had: nothing was executed. */
export class DatabaseUnavailable extends Error {
  constructor(cause: unknown) {
    super('the database is unavailable', { cause });
    this.name = 'DatabaseUnavailable';
  }
}

interface DatabaseError {
  readonly code: string;
  readonly constraint?: string;
  readonly detail?: string;
  readonly message: string;
}

/** SQLSTATEs of our own functions (class TT); `guard()` and the claim functions raise them. */
export const SQLSTATE = {
  keyTaken: 'TT001',
  soldOut: 'TT002',
  guardFailed: 'TT003',
  accessRefused: 'TT008',
  limitPassed: 'TT007',
  uniqueViolation: '23505',
} as const;

const RETRYABLE = new Set(['40001', '40P01', '55P03', '57P01']);
const AWAY = /^(08|57P0[123]|53|58)/;

/** The error as PostgreSQL sent it, if it was PostgreSQL that refused. */
export function asDatabaseError(error: unknown): DatabaseError | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined;
  return error as unknown as DatabaseError;
}

/** Did PostgreSQL refuse with this SQLSTATE (and, if given, on this constraint)? */
export function failedWith(error: unknown, sqlState: string, constraint?: string): boolean {
  const refused = asDatabaseError(error);
  if (refused?.code !== sqlState) return false;
  return constraint === undefined || refused.constraint === constraint;
}

/**
 * Deadlock, serialization failure, lock timeout, terminated backend: the transaction certainly did
 * not happen, and the same statements may succeed a moment later.
 */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(asDatabaseError(error)?.code ?? '');
}

/**
 * Was a statement given up because it took longer than any may? Its transaction did not happen. It may
 * be the server's load or the statement itself: who repeats it must not do so for ever.
 */
export function tookTooLong(error: unknown): boolean {
  return failedWith(error, '57014');
}

/** Is the server, rather than the statement, at fault? */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable || error instanceof CommitUnknown) return true;
  return AWAY.test(asDatabaseError(error)?.code ?? '');
}
