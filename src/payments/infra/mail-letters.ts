import { Injectable, Logger } from '@nestjs/common';
import { refuse, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import { UnfitAnswer } from '../../kernel/http/ask-platform.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Job, JobHandler } from '../../kernel/jobs/index.js';
import { mailAddress, Mailer, render } from '../../kernel/notifications/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { type BuyerNews, letterOf } from '../domain/buyer-letters.js';
import { PaymentStreams } from './payment-streams.js';
import { type DirectoryUser, UserDirectory } from './user-directory.js';

/** A worker that has a mail server is to do it; nobody is asked for an address before. */
const NOT_FROM_HERE = refuse('MAIL_SERVER_UNAVAILABLE', 'Mail is not configured here');

/**
 * Writes one mail to a payment's buyer. Facts are read from the payment and the address from the
 * user service when the mail is sent; neither is kept. After a crash the same mail may go out again,
 * under the same Message-ID.
 */
@Injectable()
export class MailLetters implements JobHandler<BuyerNews> {
  private readonly log = new Logger(MailLetters.name);

  constructor(
    private readonly streams: PaymentStreams,
    private readonly directory: UserDirectory,
    private readonly mailer: Mailer,
  ) {}

  async run({ tenantId, id, payload }: Job<BuyerNews>): Promise<readonly Statement[] | Refusal> {
    if (!this.mailer.configured) return NOT_FROM_HERE;
    const { payment } = await this.streams.load(tenantId, payload.paymentId);
    const letter = payment.status === 'NONE' ? undefined : letterOf(payload, payment);
    if (payment.status === 'NONE' || !letter) return this.without(id, 'it is no longer true');
    const user = await this.buyer(tenantId, payment.sale.userId);
    const to = user === 'not_found' ? undefined : mailAddress(user.email, user.name);
    if (!to) return this.without(id, 'the buyer has no address that mail can be sent to');
    await this.mailer.send({ to, ...render(letter, to.name), messageId: id });
    await failpoint('mail.after_sending');
    return [];
  }

  /** An answer that cannot be used counts as a try: it will hardly become another one by itself. */
  private async buyer(tenantId: Uuid, userId: Uuid): Promise<DirectoryUser | 'not_found'> {
    try {
      return await this.directory.user(tenantId, userId);
    } catch (error) {
      if (error instanceof UnfitAnswer) throw new Error('the user service gave no usable answer');
      throw error;
    }
  }

  /** A mail that nobody could get is done, not failed: trying again would not change it. */
  private without(jobId: string, why: string): readonly Statement[] {
    this.log.log({ msg: `no mail was sent: ${why}`, jobId });
    return [];
  }
}
