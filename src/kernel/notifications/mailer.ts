import type { Uuid } from '../ids.js';
import type { MailAddress } from './mail-address.js';

/** One mail to one person. */
export interface Mail {
  readonly to: MailAddress;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /**
   * Becomes the left part of `Message-ID`: the job's id, so that a mail that is sent again after a
   * crash is recognised as the same one.
   */
  readonly messageId: Uuid;
}

/** Sends mail at once; whoever must not lose one sends it from a job. */
export abstract class Mailer {
  /** Has this process a mail server? While none has, nobody makes jobs for mails. */
  abstract readonly configured: boolean;

  /**
   * Resolves when the mail server has taken the mail over. Throws `AppError`
   * MAIL_SERVER_UNAVAILABLE when it is away, too slow or refuses us, and `MailRefused` when it
   * refuses this mail. Neither says to whom the mail was.
   */
  abstract send(mail: Mail): Promise<void>;
}

/**
 * The mail server refuses this mail. The message says its codes, never its words: those often name
 * whom the mail was for.
 */
export class MailRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MailRefused';
  }
}
