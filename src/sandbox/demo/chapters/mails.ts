import { heading, table } from '../print.js';
import { pick, type Stage, until } from '../stage.js';

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
}

/** What the buyer of the chapters before found in the mailbox. */
export async function mails(stage: Stage): Promise<void> {
  const mine = await until('a receipt and a refund are confirmed by mail', async () => {
    const answer = await fetch(`${stage.url}/sandbox/mail.json`);
    const all = pick(await answer.json(), 'mails') as readonly Mail[];
    const own = all.filter(({ to }) => to.some((address) => address.includes(stage.buyer.id)));
    const told = (what: string) => own.some(({ subject }) => subject.startsWith(what));
    return told('Your receipt') && told('Your refund') ? own : null;
  });
  heading(
    'What the buyer was sent',
    `A job a mail; the address is asked for when it is sent. Read them at ${stage.url}/sandbox/mail`,
  );
  table(
    ['to', 'subject', 'Message-ID'],
    mine.map(({ to, subject, messageId }) => [to.join(', '), subject, messageId]),
  );
}
