import { AppError } from '../errors.js';
import { MailRefused } from './mailer.js';

/** What the SMTP library says of a failure; whatever else it holds may name people. */
interface SmtpError {
  readonly code?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
  readonly command?: unknown;
}

/** Nothing about one mail: the service is closing, or wants us to log in (RFC 5321 §3.8, RFC 4954 §6). */
const ABOUT_US = [421, 454, 530, 534, 535, 538];

/**
 * A failed sending as the port tells it: what was said about this mail's own commands is about the
 * mail; no connection, no answer, or a greeting or log-in refused is about the server.
 */
export function smtpFailure(error: unknown): MailRefused | AppError {
  const { code, responseCode, response, command } = (error ?? {}) as SmtpError;
  const status = typeof responseCode === 'number' ? responseCode : undefined;
  const ofMail = /^(MAIL FROM|RCPT TO|DATA)/.test(String(command));
  if (ofMail && status !== undefined && !ABOUT_US.includes(status)) {
    const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(String(response))?.[1];
    const codes = [status, enhanced].filter((part) => part !== undefined).join(' ');
    return new MailRefused(`The mail server answered ${codes}`);
  }
  const unfit = (code === 'EENVELOPE' || code === 'EMESSAGE') && status === undefined;
  if (unfit) return new MailRefused('The address or the mail does not fit the mail server');
  const what = [typeof code === 'string' ? code : 'no answer', status].filter(Boolean).join(' ');
  return new AppError('MAIL_SERVER_UNAVAILABLE', `The mail server is not available: ${what}`);
}
