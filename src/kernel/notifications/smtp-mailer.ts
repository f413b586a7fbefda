import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { MailConfig } from '../config/index.js';
import { type Mail, Mailer } from './mailer.js';
import { requiresTls } from './requires-tls.js';
import { smtpFailure } from './smtp-failure.js';

/** Connections to the mail server from one process. */
const CONNECTIONS = 5;
/** Longer than the longest silence, shorter than a job's lease: a server that trickles ends too. */
const WHOLE_MAIL = 3;

/** Mail over SMTP, through connections that are kept open. Loads its library with the first mail. */
@Injectable()
export class SmtpMailer extends Mailer implements OnApplicationShutdown {
  readonly configured = true;
  private transport: ReturnType<SmtpMailer['open']> | undefined;

  constructor(private readonly config: MailConfig) {
    super();
  }

  async send({ to, subject, text, html, messageId }: Mail): Promise<void> {
    const { from, timeoutMs } = this.config;
    const transport = await this.opened();
    try {
      await transport.sendMail({
        from,
        to,
        subject,
        text,
        html,
        messageId: `<${messageId}@${domainOf(from)}>`,
        // No vacation answers, please (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(WHOLE_MAIL * timeoutMs),
      });
    } catch (error) {
      throw smtpFailure(error);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    // One that could not be opened has nothing to close.
    (await this.transport?.catch(() => undefined))?.close();
  }

  private opened() {
    this.transport ??= this.open().catch((error: unknown) => {
      this.transport = undefined;
      throw error;
    });
    return this.transport;
  }

  private async open() {
    const { createTransport } = await import('nodemailer');
    const { smtpUrl, timeoutMs } = this.config;
    const url = new URL(smtpUrl);
    const secure = url.protocol === 'smtps:';
    return createTransport({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (secure ? 465 : 587),
      secure,
      requireTLS: requiresTls(url),
      ...(url.username && {
        auth: {
          user: decodeURIComponent(url.username),
          pass: decodeURIComponent(url.password),
        },
      }),
      pool: true,
      maxConnections: CONNECTIONS,
      // A mail whose connection breaks is tried again by its job, which remembers that.
      maxRequeues: 0,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
    });
  }
}

function domainOf(from: string): string {
  return from.slice(from.lastIndexOf('@') + 1).replace('>', '');
}
