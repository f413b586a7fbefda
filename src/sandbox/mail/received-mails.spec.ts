import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ReceivedMail, ReceivedMails } from './received-mails.js';

const mail = (n: number): ReceivedMail => ({
  receivedAt: '2026-03-01T10:00:00.000Z',
  messageId: `<${n}@example.com>`,
  from: 'from@example.com',
  to: ['to@example.com'],
  subject: `Mail ${n}`,
  text: '',
  html: '',
  headers: [],
});
const subjects = (mails: ReceivedMails) => mails.newestFirst().map(({ subject }) => subject);

describe('ReceivedMails', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mails-'));
    file = path.join(folder, 'mails.jsonl');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('are there again after a kill, but for one that was torn', () => {
    const mails = new ReceivedMails(file);
    mails.add(mail(1));
    mails.add(mail(2));
    appendFileSync(file, '{"receivedAt":"2026');
    const again = new ReceivedMails(file);
    expect(subjects(again)).toEqual(['Mail 2', 'Mail 1']);
    again.add(mail(3));
    expect(subjects(new ReceivedMails(file))).toEqual(['Mail 3', 'Mail 2', 'Mail 1']);
  });

  it('are the last 500, in memory and in the file', () => {
    const mails = new ReceivedMails(file);
    for (let n = 1; n <= 1_100; n++) mails.add(mail(n));
    expect(subjects(mails)).toHaveLength(500);
    expect(subjects(mails)[0]).toBe('Mail 1100');
    expect(subjects(mails).at(-1)).toBe('Mail 601');
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(1_001);
    expect(subjects(new ReceivedMails(file))).toEqual(subjects(mails));
  });

  it('need no file', () => {
    const mails = new ReceivedMails(undefined);
    mails.add(mail(1));
    expect(subjects(mails)).toEqual(['Mail 1']);
  });
});
