import { Injectable } from '@nestjs/common';
import { AppError } from '../errors.js';
import { Mailer } from './mailer.js';

/** No mail server is configured here: a job for a mail waits for a process that has one. */
@Injectable()
export class NoMailer extends Mailer {
  readonly configured = false;

  send(): Promise<void> {
    return Promise.reject(new AppError('MAIL_SERVER_UNAVAILABLE', 'Mail is not configured.'));
  }
}
