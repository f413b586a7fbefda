import pg from 'pg';

/** The database roles that row-level security knows; the login user must be a member of both. */
export const APPLICATION_ROLE = 'tickettoken_app';
export const WORKER_ROLE = 'tickettoken_worker';

const INT8 = 20;
const DATE = 1082;

const standard = pg.types.getTypeParser as (
  oid: number,
  format?: 'text' | 'binary',
) => (value: string) => unknown;

/** 64-bit integers arrive as bigint, dates as text; everything else as `pg` reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return BigInt;
    if (oid === DATE) return String;
    return standard(oid, format);
  },
};

/**
 * How every connection is made: bound to a role, and with a limit on each wait, so that
 * a dead socket or a stuck lock fails instead of hanging.
 */
export function connectionOptions(url: string, role: string, size: number): pg.PoolConfig {
  return {
    connectionString: url,
    max: size,
    application_name: 'tickettoken-payments',
    options: `-c role=${role} -c jit=off`,
    // Waiting for a free connection counts: a rush of buyers queues here before it is turned away.
    connectionTimeoutMillis: 10_000,
    query_timeout: 5_000,
    statement_timeout: 4_000,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    types,
  };
}
