import { html } from '../../kernel/notifications/html.js';
import type { ReceivedMail } from './received-mails.js';

/** The mailbox for people. Mails are shown as text: their HTML is not ours to run. */
export function mailboxPage(mails: readonly ReceivedMail[]): string {
  const entries = mails.map(
    (mail) =>
      html`<details>
        <summary>
          ${mail.receivedAt.slice(0, 19).replace('T', ' ')} · ${mail.to.join(', ')} ·
          <b>${mail.subject}</b>
        </summary>
        <pre>
From: ${mail.from}
To: ${mail.to.join(', ')}
Subject: ${mail.subject}
Message-ID: ${mail.messageId}

${mail.text}</pre>
      </details>`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Sandbox mailbox</title>
        <style>
          body {
            font-family: sans-serif;
            max-width: 60em;
            margin: 2em auto;
          }
          details {
            padding: 0.4em 0;
            border-bottom: 1px solid #ddd;
          }
          pre {
            white-space: pre-wrap;
            background: #f6f6f6;
            padding: 1em;
          }
        </style>
      </head>
      <body>
        <h1>Mailbox</h1>
        <p>
          ${mails.length === 0 ? 'No mail yet: buy something.' : `The last ${mails.length} mails, newest first. None of them left this machine.`}
          <a href="/sandbox/mail.json">As JSON</a>
        </p>
        ${entries}
      </body>
    </html> `.text;
}
