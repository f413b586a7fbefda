import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { SMTPServer } from 'smtp-server';
import type { ReceivedMail } from './received-mails.js';

export interface SmtpReceiver {
  readonly port: number;
  close(): Promise<void>;
}

export interface SmtpReceiverOptions {
  readonly port?: number | undefined;
  /** What to answer to a mail instead of taking it: a status, and its words. */
  readonly refusal: () => { readonly status: number; readonly words: string } | undefined;
  readonly take: (mail: ReceivedMail) => void;
}

const SIZE_LIMIT_BYTES = 1024 * 1024;

/**
 * Takes mail on the loopback interface, for anybody and from anybody, without TLS. Its libraries are
 * loaded with the first connection: until then it costs a start nothing.
 */
export async function startSmtpReceiver(options: SmtpReceiverOptions): Promise<SmtpReceiver> {
  const sockets = new Set<Socket>();
  let protocol: Promise<SMTPServer> | undefined;
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    protocol ??= loadProtocol(options);
    protocol.then(
      (smtp) => smtp.server.emit('connection', socket),
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    port: (listener.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        listener.close(() => {
          closed();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function loadProtocol({ refusal, take }: SmtpReceiverOptions): Promise<SMTPServer> {
  const [{ SMTPServer }, { default: PostalMime }] = await Promise.all([
    import('smtp-server'),
    import('postal-mime'),
  ]);
  const smtp = new SMTPServer({
    banner: 'sandbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: SIZE_LIMIT_BYTES,
    logger: false,
    onRcptTo: (_address, _session, done) => {
      const refused = refusal();
      done(refused && Object.assign(new Error(refused.words), { responseCode: refused.status }));
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        PostalMime.parse(Buffer.concat(chunks))
          .then((mail) => {
            take({
              receivedAt: new Date().toISOString(),
              messageId: mail.messageId ?? '',
              from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
              to: envelope.rcptTo.map(({ address }) => address),
              subject: mail.subject ?? '',
              text: mail.text ?? '',
              html: mail.html ?? '',
              headers: mail.headers.map(({ key, value }) => ({ key, value })),
            });
          })
          .then(
            () => {
              done();
            },
            (error: unknown) => {
              done(error instanceof Error ? error : new Error(String(error)));
            },
          );
      });
    },
  });
  smtp.on('error', () => undefined);
  return smtp;
}
