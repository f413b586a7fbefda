import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { newId } from '../ids.js';
import { requiresTls } from './requires-tls.js';
import { SmtpMailer } from './smtp-mailer.js';

describe('TLS', () => {
  it.each([
    'smtp://user:secret@mail.example.com',
    'smtp://user:secret@mail.example.com:587?requireTLS=true',
    'smtp://user@10.0.0.5:25',
    'smtp://user:secret@127.0.0.1.example.com',
    'smtp://user:secret@localhost.example.com',
    'smtp://user:secret@[::2]',
    'smtp://mail.example.com?requireTLS=true',
    'smtp://user:secret@localhost?requireTLS=true',
  ])('must be used with %s, or not at all', (url) => {
    expect(requiresTls(new URL(url))).toBe(true);
  });

  it.each([
    'smtp://mail.example.com',
    'smtp://user:secret@localhost:1025',
    'smtp://user:secret@127.0.0.1:1025',
    'smtp://user:secret@[::1]:1025',
    'smtp://user:secret@mail.example.com?requireTLS=false',
  ])('need not be used with %s', (url) => {
    expect(requiresTls(new URL(url))).toBe(false);
  });
});

/** A mail server that would take a password from anybody, and has no TLS. */
async function startOpenServer(): Promise<{ server: Server; port: number; said: string[] }> {
  const said: string[] = [];
  const answers: Readonly<Record<string, string>> = {
    EHLO: '250-mail.example.com\r\n250 AUTH PLAIN LOGIN\r\n',
    AUTH: '235 welcome\r\n',
    DATA: '354 go on\r\n',
    STARTTLS: '502 not here\r\n',
  };
  const talk = (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.write('220 mail.example.com\r\n');
    socket.on('data', (chunk) => {
      const text = chunk.toString();
      said.push(text);
      socket.write(answers[text.split(/\s/)[0] ?? ''] ?? '250 fine\r\n');
    });
  };
  const server = createServer(talk);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, said };
}

describe('a password', () => {
  const send = async (smtpUrl: string) => {
    const mailer = new SmtpMailer({ smtpUrl, from: 'receipts@example.com', timeoutMs: 1_000 });
    const to = { name: 'Ada', address: 'ada@example.com' };
    const mail = {
      to,
      subject: 'Hello',
      text: 'A text',
      html: '<p>A text</p>',
      messageId: newId(),
    };
    try {
      return await mailer.send(mail).catch((error: unknown) => error);
    } finally {
      await mailer.onApplicationShutdown();
    }
  };

  it('is never told to a server that leaves TLS out where it is required', async () => {
    const { server, port, said } = await startOpenServer();
    try {
      const failed = await send(`smtp://user:secret@127.0.0.1:${port}?requireTLS=true`);
      expect(failed).toMatchObject({ code: 'MAIL_SERVER_UNAVAILABLE' });
      expect(said.join('')).toContain('STARTTLS');
      expect(said.join('')).not.toMatch(/AUTH|MAIL FROM/);
      // The same server, on the machine itself, is told.
      await send(`smtp://user:secret@127.0.0.1:${port}`);
      expect(said.join('')).toContain('AUTH');
    } finally {
      server.close();
    }
  });
});
