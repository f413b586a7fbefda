import { Injectable } from '@nestjs/common';
import { AppError } from '../errors.js';
import { Mailer } from './mailer.js';

/** No mail server is configured. A job from a time when one was waits until there is one again. */
@Injectable()
export class NoMailer extends Mailer {
  readonly configured = false;

  send(): Promise<void> {
    return Promise.reject(new AppError('MAIL_SERVER_UNAVAILABLE', 'Mail is not configured.'));
  }
}
