import { AppError } from '../errors.js';
import { isTransient } from '../outbox/transient.js';
import { MailRefused } from './mailer.js';
import { smtpFailure } from './smtp-failure.js';

const reply = (responseCode: number, command: string, words = '5.1.1 <ada@example.com> unknown') =>
  Object.assign(new Error(`failed for ada@example.com: ${responseCode} ${words}`), {
    code: 'EENVELOPE',
    responseCode,
    response: `${responseCode} ${words}`,
    command,
  });

describe('smtpFailure', () => {
  it.each([
    [reply(550, 'RCPT TO'), 'The mail server answered 550 5.1.1'],
    [reply(451, 'DATA', '4.7.1 Greylisted'), 'The mail server answered 451 4.7.1'],
    [reply(552, 'MAIL FROM', 'too big'), 'The mail server answered 552'],
  ])('a reply to the mail counts against it: %s', (error, message) => {
    const failure = smtpFailure(error);
    expect(failure).toBeInstanceOf(MailRefused);
    expect(failure.message).toBe(message);
    expect(isTransient(failure)).toBe(false);
  });

  it.each([
    [reply(421, 'RCPT TO', 'closing')],
    [reply(530, 'MAIL FROM', 'log in first')],
    [reply(535, 'AUTH PLAIN', 'who?')],
    [reply(554, 'CONN', 'no')],
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ESOCKET', command: 'CONN' })],
    [Object.assign(new Error('Timeout'), { code: 'ETIMEDOUT' })],
    [new DOMException('This operation was aborted', 'AbortError')],
    [undefined],
  ])('what is about the server does not: %s', (error) => {
    const failure = smtpFailure(error);
    expect(failure).toBeInstanceOf(AppError);
    expect(isTransient(failure)).toBe(true);
  });

  it('an address that cannot be written counts', () => {
    const error = Object.assign(new Error('Invalid recipient'), {
      code: 'EENVELOPE',
      command: 'API',
    });
    expect(isTransient(smtpFailure(error))).toBe(false);
  });

  it('never says to whom the mail was', () => {
    for (const command of ['RCPT TO', 'AUTH PLAIN', 'CONN']) {
      const failure = smtpFailure(reply(550, command));
      expect(JSON.stringify([failure.message, failure.stack])).not.toContain('ada@');
    }
  });
});
