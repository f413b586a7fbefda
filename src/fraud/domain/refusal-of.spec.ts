import type { Cause, Decision, Exceeded, Verdict } from './scoring/index.js';
import { refusalOf } from './refusal-of.js';

const verdict = (
  decision: Decision,
  cause: Cause | null = null,
  exceeded: readonly Exceeded[] = [],
): Verdict => ({
  decision,
  cause,
  score: 0.9,
  bot: { score: 0.9, indicators: ['linear_mouse'] },
  scalper: { score: 0.9, indicators: ['many_resales'] },
  velocity: { exceeded },
  reasons: ['bot:linear_mouse', 'velocity:user_hour'],
  ruleSet: 'v1',
});

it.each<Decision>(['approve', 'challenge', 'review'])('lets %s through', (decision) => {
  expect(refusalOf(verdict(decision))).toBeNull();
});

it.each<[Cause, string]>([
  ['bot', 'BOT_DETECTED'],
  ['fraud', 'FRAUD_DETECTED'],
  ['list', 'FRAUD_DETECTED'],
])('refuses %s as %s and tells nothing else', (cause, code) => {
  expect(refusalOf(verdict('decline', cause))).toEqual({
    refused: code,
    message: 'The purchase cannot be made.',
  });
});

const passed = (limit: string, retryAfterSeconds: number | null): Exceeded => ({
  ...{ limit, allowed: 5, found: 6, retryAfterSeconds },
});

it('says when to try again after velocity: when the last limit is free', () => {
  const exceeded = [passed('user_hour', 3_600), passed('user_day', 86_400), passed('users', null)];
  expect(refusalOf(verdict('decline', 'velocity', exceeded))).toEqual({
    refused: 'RATE_LIMIT_EXCEEDED',
    message: 'Too many purchases. Try again later.',
    retryAfterSeconds: 86_400,
  });
});

it('does not promise that waiting helps where it does not', () => {
  const refusal = refusalOf(verdict('decline', 'velocity', [passed('card_users', null)]));
  expect(refusal).toMatchObject({ refused: 'RATE_LIMIT_EXCEEDED' });
  expect(refusal).not.toHaveProperty('retryAfterSeconds');
});
