import { appendFileSync } from 'node:fs';
import { readIfPresent, writeAtomic } from '../atomic-file.js';

/** A mail as the mailbox got it. */
export interface ReceivedMail {
  readonly receivedAt: string;
  readonly messageId: string;
  readonly from: string;
  /** Whom the envelope named: what the mail itself claims may differ. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Names in lower case, in the order they came. */
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

const KEPT = 500;

/**
 * The last 500 mails. With a file each is in it before `add` returns, one line of JSON a mail; a
 * line that a crash tore is passed over.
 */
export class ReceivedMails {
  private mails: ReceivedMail[];
  private lines: number;

  constructor(private readonly file: string | undefined) {
    const text = file === undefined ? '' : (readIfPresent(file) ?? '');
    // What follows the last line break is torn, or nothing.
    const lines = text.split('\n').slice(0, -1);
    this.mails = lines.slice(-KEPT).map((line) => JSON.parse(line) as ReceivedMail);
    this.lines = lines.length;
    if (text !== '') this.compact();
  }

  add(mail: ReceivedMail): void {
    this.mails = [...this.mails.slice(1 - KEPT), mail];
    if (this.file === undefined) return;
    appendFileSync(this.file, `${JSON.stringify(mail)}\n`, { mode: 0o600 });
    this.lines += 1;
    if (this.lines >= 2 * KEPT) this.compact();
  }

  newestFirst(): readonly ReceivedMail[] {
    return this.mails.toReversed();
  }

  private compact(): void {
    if (this.file === undefined) return;
    writeAtomic(this.file, this.mails.map((mail) => `${JSON.stringify(mail)}\n`).join(''));
    this.lines = this.mails.length;
  }
}
