import {
  asDatabaseError,
  CommitUnknown,
  DatabaseUnavailable,
  failedWith,
  isDatabaseAway,
  isRetryable,
  SQLSTATE,
} from './errors.js';

/** An error as `pg` passes it on. */
const refusal = (code: string, more: object = {}) =>
  Object.assign(new Error('refused'), { severity: 'ERROR', code, ...more });
const brokenSocket = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

describe('asDatabaseError', () => {
  it('tells PostgreSQL’s refusals from everything else', () => {
    const refused = refusal('23505');
    expect(asDatabaseError(refused)).toBe(refused);
    for (const other of [
      brokenSocket,
      new Error('x'),
      { code: '23505', severity: 'ERROR' },
      null,
    ]) {
      expect(asDatabaseError(other)).toBeUndefined();
    }
  });
});

describe('failedWith', () => {
  const refused = refusal(SQLSTATE.uniqueViolation, { constraint: 'orders_pkey' });

  it('compares the SQLSTATE, and the constraint if one is given', () => {
    expect(failedWith(refused, '23505')).toBe(true);
    expect(failedWith(refused, '23505', 'orders_pkey')).toBe(true);
    expect(failedWith(refused, '23505', 'tickets_pkey')).toBe(false);
    expect(failedWith(refused, SQLSTATE.soldOut)).toBe(false);
    expect(failedWith(brokenSocket, 'ECONNRESET')).toBe(false);
  });
});

describe('isRetryable', () => {
  it.each([
    ['40001', true],
    ['40P01', true],
    ['55P03', true],
    ['23505', false],
    ['57P01', true],
    ['57P02', false],
    ['57014', false],
    [SQLSTATE.soldOut, false],
  ])('%s: %s', (code, expected) => {
    expect(isRetryable(refusal(code))).toBe(expected);
  });

  it('is never a broken connection: the transaction may have happened', () => {
    expect(isRetryable(new CommitUnknown(brokenSocket))).toBe(false);
    expect(isRetryable(brokenSocket)).toBe(false);
  });
});

describe('isDatabaseAway', () => {
  it.each([
    ['no connection', new DatabaseUnavailable(brokenSocket), true],
    ['a cut connection', new CommitUnknown(brokenSocket), true],
    ['a connection exception', refusal('08006'), true],
    ['a shutdown', refusal('57P01'), true],
    ['a start-up', refusal('57P03'), true],
    ['too many connections', refusal('53300'), true],
    ['an I/O error', refusal('58030'), true],
    ['a cancelled statement', refusal('57014'), false],
    ['a unique violation', refusal('23505'), false],
    ['a bug', new TypeError('x'), false],
  ])('%s: %s', (_, error, expected) => {
    expect(isDatabaseAway(error)).toBe(expected);
  });
});
