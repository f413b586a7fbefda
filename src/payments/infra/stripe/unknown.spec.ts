import Stripe from 'stripe';
import { unknownOf } from './unknown.js';

const NOW = Date.parse('2025-01-12T10:00:00Z');

const limited = (retryAfter?: string) =>
  new Stripe.errors.StripeRateLimitError({
    message: 'Request rate limit exceeded.',
    statusCode: 429,
    type: 'invalid_request_error',
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  });
const away = (retryAfter: string) =>
  new Stripe.errors.StripeAPIError({
    message: 'Unavailable',
    statusCode: 503,
    type: 'api_error',
    headers: { 'retry-after': retryAfter },
  });

it.each([
  ['seconds', limited('17'), 17],
  ['of a provider that is away', away('30'), 30],
  ['a date', limited('Sun, 12 Jan 2025 10:01:30 GMT'), 90],
  ['at most an hour', limited('86400'), 3_600],
])('hears when the provider wants to be asked again: %s', (_, error, retryAfterSeconds) => {
  expect(unknownOf(error, NOW)).toMatchObject({ kind: 'unknown', retryAfterSeconds });
});

it.each([
  ['no header', limited()],
  ['nonsense', limited('soon')],
  ['nothing', limited('0')],
  ['a date that is over', limited('Sun, 12 Jan 2025 09:00:00 GMT')],
  ['no answer at all', new Error('reset')],
])('is told nothing by %s', (_, error) => {
  expect(unknownOf(error, NOW)).not.toHaveProperty('retryAfterSeconds');
});
