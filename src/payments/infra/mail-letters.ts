import { Injectable, Logger } from '@nestjs/common';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Job, JobHandler } from '../../kernel/jobs/index.js';
import { mailAddress, Mailer, render } from '../../kernel/notifications/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { type BuyerNews, letterOf } from '../domain/buyer-letters.js';
import { PaymentStreams } from './payment-streams.js';
import { UserDirectory } from './user-directory.js';

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

  async run({ tenantId, id, payload }: Job<BuyerNews>): Promise<readonly Statement[]> {
    const { payment } = await this.streams.load(tenantId, payload.paymentId);
    const letter = payment.status === 'NONE' ? undefined : letterOf(payload, payment);
    if (payment.status === 'NONE' || !letter) return this.without(id, 'it is no longer true');
    const user = await this.directory.user(tenantId, payment.sale.userId);
    const to = user === 'not_found' ? undefined : mailAddress(user.email, user.name);
    if (!to) return this.without(id, 'the buyer has no address that mail can be sent to');
    await this.mailer.send({ to, ...render(letter, to.name), messageId: id });
    await failpoint('mail.after_sending');
    return [];
  }

  /** A mail that nobody could get is done, not failed: trying again would not change it. */
  private without(jobId: string, why: string): readonly Statement[] {
    this.log.log({ msg: `no mail was sent: ${why}`, jobId });
    return [];
  }
}
