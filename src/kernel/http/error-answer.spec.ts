import { HttpException, ServiceUnavailableException } from '@nestjs/common';
import { AppError } from '../errors.js';
import { CommitUnknown, DatabaseUnavailable } from '../postgres/errors.js';
import { errorBody, errorHeaders, pathOf, toAppError } from './error-answer.js';

const fromPostgres = (code: string) => Object.assign(new Error('x'), { code, severity: 'ERROR' });
const fromFastify = (code: string, statusCode: number) =>
  Object.assign(new Error('secret detail'), { code, statusCode });

describe('toAppError', () => {
  it.each([
    [new AppError('SOLD_OUT', 'x'), 'SOLD_OUT'],
    [new DatabaseUnavailable(new Error('x')), 'DATABASE_UNAVAILABLE'],
    [new CommitUnknown(new Error('x')), 'DATABASE_UNAVAILABLE'],
    [fromPostgres('57P01'), 'DATABASE_UNAVAILABLE'],
    [fromPostgres('08006'), 'DATABASE_UNAVAILABLE'],
    [fromPostgres('53300'), 'DATABASE_UNAVAILABLE'],
    [fromPostgres('40P01'), 'DATABASE_UNAVAILABLE'],
    [fromPostgres('57014'), 'DATABASE_UNAVAILABLE'],
    [fromPostgres('23505'), 'INTERNAL_ERROR'],
    [fromFastify('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'PAYLOAD_TOO_LARGE'],
    [fromFastify('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'UNSUPPORTED_MEDIA_TYPE'],
    [fromFastify('FST_ERR_MAX_PARAM_LENGTH', 414), 'BAD_REQUEST'],
    [fromFastify('ERR_OF_A_VENDOR', 402), 'INTERNAL_ERROR'],
    [new HttpException('x', 418), 'BAD_REQUEST'],
    [new ServiceUnavailableException(), 'SERVICE_UNAVAILABLE'],
    [new Error('x'), 'INTERNAL_ERROR'],
    ['a text', 'INTERNAL_ERROR'],
    [undefined, 'INTERNAL_ERROR'],
  ])('%p is %s', (exception, code) => {
    const error = toAppError(exception);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('secret detail');
  });
});

describe('the error answer', () => {
  it('cannot be renamed by its extra members', () => {
    const error = new AppError('PAYMENT_FAILED', 'Declined', {
      extra: { declineCode: 'expired_card', code: 'OK', path: '/x' },
    });
    expect(errorBody(error, '/pay?key=1', 'r1')).toEqual({
      error: 'Declined',
      code: 'PAYMENT_FAILED',
      declineCode: 'expired_card',
      timestamp: expect.any(String),
      path: '/pay',
      requestId: 'r1',
    });
  });

  it('shows no token that a path carried', () => {
    expect(pathOf('/links/eyJhbGciOiJIUzI1NiJ9.eyJ0IjoxfQ.abc?x=1')).toBe('/links/[token]');
    expect(pathOf(`/${'x'.repeat(1_000)}`)).toHaveLength(256);
  });

  it('says how to authenticate and when to come back', () => {
    expect(errorHeaders(new AppError('AUTH_REQUIRED', 'x'))).toEqual({
      'www-authenticate': 'Bearer',
    });
    const later = new AppError('RATE_LIMIT_EXCEEDED', 'x', { retryAfterSeconds: 0 });
    expect(errorHeaders(later)).toEqual({ 'retry-after': '0' });
  });
});
