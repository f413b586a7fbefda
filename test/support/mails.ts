import type { ReceivedMail } from '../../src/sandbox/mail/index.js';
import { eventually } from './shop.js';
import type { TestWorld } from './world.js';

/** The setting that sends an application's mail to its world's mailbox. */
export const withMail = ({ mailbox }: TestWorld) => ({ SMTP_URL: mailbox.smtpUrl });

/** The mails of a world whose subject begins so, oldest first. */
export function mailsAbout({ mailbox }: TestWorld, subject: string): ReceivedMail[] {
  return mailbox
    .mails()
    .filter((mail) => mail.subject.startsWith(subject))
    .toReversed();
}

/** Waits for the first of them. */
export function mailAbout(world: TestWorld, subject: string): Promise<ReceivedMail> {
  return eventually(() => mailsAbout(world, subject)[0], `a mail "${subject}"`);
}
