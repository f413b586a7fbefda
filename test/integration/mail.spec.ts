import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AppError } from '../../src/kernel/errors.js';
import { newId } from '../../src/kernel/ids.js';
import { type Mail, MailRefused } from '../../src/kernel/notifications/index.js';
import { SmtpMailer } from '../../src/kernel/notifications/smtp-mailer.js';
import { type Mailbox, startMailbox } from '../../src/sandbox/mail/index.js';
import { SandboxModule } from '../../src/sandbox/sandbox.module.js';
import { type RunningApp, startApp } from '../support/app.js';
import { mailsAbout, withMail } from '../support/mails.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';

const mail = (rest: Partial<Mail> = {}): Mail => ({
  to: { name: 'Ada', address: 'ada@example.com' },
  subject: 'Hello',
  text: 'A text\n.\nwith a lonely dot\n',
  html: '<p>A text</p>',
  messageId: newId(),
  ...rest,
});

const mailer = (smtpUrl: string, timeoutMs = 2_000) =>
  new SmtpMailer({ smtpUrl, from: 'TicketToken <receipts@example.com>', timeoutMs });

describe('the SMTP mailer', () => {
  let mailbox: Mailbox;
  let smtp: SmtpMailer;
  beforeEach(async () => {
    mailbox = await startMailbox({});
    smtp = mailer(mailbox.smtpUrl);
  });
  afterEach(async () => {
    await smtp.onApplicationShutdown();
    await mailbox.close();
  });

  it('hands over a mail whole', async () => {
    const sent = mail();
    await smtp.send(sent);
    expect(mailbox.mails()).toMatchObject([
      {
        from: 'receipts@example.com',
        to: ['ada@example.com'],
        subject: 'Hello',
        text: `${sent.text}\n`,
        messageId: `<${sent.messageId}@example.com>`,
      },
    ]);
  });

  it('sends many at once', async () => {
    await Promise.all(Array.from({ length: 30 }, () => smtp.send(mail())));
    expect(mailbox.mails()).toHaveLength(30);
  });

  it.each([450, 451, 550, 553])('tells a %d to the mail from trouble', async (status) => {
    mailbox.refuseWith(status);
    const failed = smtp.send(mail());
    await expect(failed).rejects.toThrow(MailRefused);
    await expect(failed).rejects.toThrow(`The mail server answered ${status}`);
    mailbox.refuseWith(null);
    await smtp.send(mail());
    expect(mailbox.mails()).toHaveLength(1);
  });

  it('row 41: writes no header and no recipient that a subject or a name asks for', async () => {
    const evil = 'x\r\nBcc: victim@example.org\r\n\r\nbody';
    await smtp.send(mail({ subject: evil, to: { name: evil, address: 'ada@example.com' } }));
    const [got] = mailbox.mails();
    expect(got?.to).toEqual(['ada@example.com']);
    expect(got?.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(got?.text.trimEnd()).toBe(mail().text.trimEnd());
  });
});

describe('a mail server that is not there', () => {
  let server: Server | undefined;
  afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

  async function serverThat(talks: (write: (line: string) => void) => void): Promise<string> {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      talks((line) => socket.write(line));
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each([
    ['is silent', () => undefined],
    ['greets with a refusal', (write: (line: string) => void) => write('554 no service\r\n')],
    ['talks nonsense', (write: (line: string) => void) => write('HTTP/1.1 400 what\r\n')],
    [
      'trickles its greeting for ever',
      (write: (line: string) => void) => {
        const timer = setInterval(() => write('220-more\r\n'), 50);
        setTimeout(() => clearInterval(timer), 5_000).unref();
      },
    ],
  ])('because it %s is away, not the mail wrong', async (_, talks) => {
    const smtp = mailer(await serverThat(talks), 300);
    const failed = await smtp.send(mail()).catch((error: unknown) => error);
    await smtp.onApplicationShutdown();
    expect(failed).toBeInstanceOf(AppError);
    expect(failed).toMatchObject({ code: 'MAIL_SERVER_UNAVAILABLE' });
  });

  it('because nobody listens is away', async () => {
    const smtp = mailer('smtp://127.0.0.1:9', 300);
    await expect(smtp.send(mail())).rejects.toMatchObject({ code: 'MAIL_SERVER_UNAVAILABLE' });
  });
});

describe('jobs that mail', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp(withMail);
  });
  afterAll(() => app.close());

  async function buyOne(): Promise<string> {
    const shop = new Shop(app.world);
    const user = app.world.users.createUser();
    const bought = await (await shop.buyer(app.url, user.id)).pay(PROCESS, orderOf(shop.event()));
    return String(bought.body.transaction.id);
  }
  const jobOf = async (paymentId: string) =>
    (await query(app.world, `SELECT * FROM jobs WHERE payload->>'paymentId' = $1`, [paymentId]))[0];
  const wake = () =>
    query(app.world, `UPDATE jobs SET next_attempt_at = now() WHERE lease_until IS NULL`);

  it('are tried again after a 4xx, and then done', async () => {
    app.world.mailbox.refuseWith(451);
    const paymentId = await buyOne();
    const tried = await eventually(async () => {
      const job = await jobOf(paymentId);
      return job?.attempts === 1 && job;
    });
    expect(tried.last_error).toBe('MailRefused: The mail server answered 451');
    app.world.mailbox.refuseWith(null);
    await wake();
    await eventually(async () => (await jobOf(paymentId))?.status === 'done');
    const sent = mailsAbout(app.world, 'Your receipt').map(({ messageId }) => messageId);
    expect(sent).toEqual([`<${String(tried.id)}@tickettoken.example>`]);
  });

  it('need a human when a 5xx stays to the end', async () => {
    app.world.mailbox.refuseWith(550);
    const paymentId = await buyOne();
    await eventually(async () => {
      await wake();
      return (await jobOf(paymentId))?.status === 'failed';
    }, 'the last try');
    app.world.mailbox.refuseWith(null);
    const job = await jobOf(paymentId);
    const items = await query(app.world, `SELECT * FROM open_items WHERE kind = 'job_failed'`);
    expect(items).toMatchObject([
      { subject_id: job?.id, cause: 'MailRefused: The mail server answered 550' },
    ]);
    expect(JSON.stringify([job, items])).not.toContain('@example.com');
  });

  it('wait, uncounted, while the user service is away', async () => {
    app.world.users.setOutage('down');
    const paymentId = await buyOne();
    const waiting = await eventually(async () => {
      const job = await jobOf(paymentId);
      return job?.last_error !== null && job;
    });
    expect(waiting).toMatchObject({ attempts: 0, status: 'pending' });
    expect(waiting.last_error).toContain('user service is not available');
    app.world.users.setOutage('none');
    await wake();
    await eventually(async () => (await jobOf(paymentId))?.status === 'done');
  });
});

describe('without a mail server', () => {
  it('there are no jobs for mails', async () => {
    const app = await startApp();
    try {
      const shop = new Shop(app.world);
      await (await shop.buyer(app.url)).pay(PROCESS, orderOf(shop.event()));
      await eventually(async () => {
        const [row] = await query(
          app.world,
          `SELECT 1 FROM outbox WHERE event_type = 'payment.completed' AND processed_at IS NOT NULL`,
        );
        return row !== undefined;
      });
      expect(await query(app.world, 'SELECT * FROM jobs')).toEqual([]);
      expect(app.world.mailbox.mails()).toEqual([]);
    } finally {
      await app.close();
    }
  });
});

describe('the sandbox mailbox', () => {
  let mailbox: Mailbox;
  let app: INestApplication;
  beforeAll(async () => {
    mailbox = await startMailbox({});
    const emulators = { mailbox: mailbox.baseUrl };
    const source = { description: { emulators }, tokens: () => Promise.resolve({}) } as never;
    const testing = Test.createTestingModule({ imports: [SandboxModule.register(source)] });
    app = (await testing.compile()).createNestApplication(new FastifyAdapter());
    await app.listen(0, '127.0.0.1');
    const smtp = mailer(mailbox.smtpUrl);
    await smtp.send(mail({ subject: 'First <script>alert(1)</script>' }));
    await smtp.send(mail({ subject: 'Second', text: '</pre><script>alert(2)</script>' }));
    await smtp.onApplicationShutdown();
  });
  afterAll(async () => {
    await app.close();
    await mailbox.close();
  });

  const get = async (path: string, accept?: string) =>
    fetch(`${await app.getUrl()}${path}`, { headers: accept ? { accept } : {} });

  it('is a page whose mails cannot run anything', async () => {
    const answer = await get('/sandbox/mail', 'text/html');
    const page = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(page.indexOf('Second')).toBeLessThan(page.indexOf('First'));
    expect(page).not.toContain('<script>');
    expect(page).toContain('ada@example.com');
  });

  it.each([
    ['/sandbox/mail', 'application/json'],
    ['/sandbox/mail.json', undefined],
  ])('is JSON at %s for who accepts %s', async (path, accept) => {
    const { mails } = (await (await get(path, accept)).json()) as { mails: { subject: string }[] };
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Second',
      'First <script>alert(1)</script>',
    ]);
  });
});
