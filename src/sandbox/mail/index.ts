import '../refuse-production.js';
import { z } from 'zod';
import { listen, type Routes } from '../http-router.js';
import { parse } from '../platform/endpoint.js';
import { type ReceivedMail, ReceivedMails } from './received-mails.js';
import { startSmtpReceiver } from './smtp-receiver.js';

export type { ReceivedMail } from './received-mails.js';

export interface MailboxOptions {
  /** Where the mails are kept; in memory only when absent. */
  readonly file?: string | undefined;
  readonly ports?: { readonly smtp?: number; readonly mailbox?: number };
}

/** A mail server that delivers nothing, and a look at what it was given. */
export interface Mailbox {
  /** For the application's `SMTP_URL`. */
  readonly smtpUrl: string;
  /** `GET /mails`, and `PUT /__emulator/refusal`. */
  readonly baseUrl: string;
  mails(): readonly ReceivedMail[];
  /** From now on every recipient is refused with this status; with none everything is taken. */
  refuseWith(status: number | null): void;
  close(): Promise<void>;
}

const refusalBody = z.strictObject({ status: z.int().min(400).max(599).nullable() });

/** Starts both, on the loopback interface. */
export async function startMailbox({ file, ports = {} }: MailboxOptions): Promise<Mailbox> {
  const received = new ReceivedMails(file);
  let refused: number | null = null;
  const refuseWith = (status: number | null): void => {
    refused = status;
  };
  const routes: Routes = {
    'GET /mails': () => ({ status: 200, body: { mails: received.newestFirst() } }),
    'PUT /__emulator/refusal': ({ body }) => {
      refuseWith(parse(refusalBody, body).status);
      return { status: 200, body: { status: refused } };
    },
  };
  const [smtp, http] = await Promise.all([
    startSmtpReceiver({
      port: ports.smtp,
      refusal: () =>
        refused === null ? undefined : { status: refused, words: 'refused by the sandbox' },
      take: (mail) => {
        received.add(mail);
      },
    }),
    listen(routes, { port: ports.mailbox }),
  ]);
  return {
    smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    baseUrl: http.baseUrl,
    mails: () => received.newestFirst(),
    refuseWith,
    close: async () => {
      await Promise.all([smtp.close(), http.close()]);
    },
  };
}
