import { html } from './html.js';
import { oneLine } from './one-line.js';

/** What a mail says, before it is text and HTML. Any of it may come from outside. */
export interface Letter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** Labels and what belongs to them; the last row of amounts is their total. */
  readonly rows: readonly LetterRow[];
  readonly closing: string;
}

export interface LetterRow {
  readonly label: string;
  readonly value: string;
}

/** A letter as a mail carries it. */
export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Writes a letter to somebody. Every part is one line, and HTML only where this file writes it. */
export function render(letter: Letter, name: string): Rendered {
  const greeting = name === '' ? 'Hello,' : `Hello ${oneLine(name, 100)},`;
  const subject = oneLine(letter.subject, 150);
  const paragraphs = letter.paragraphs.map((paragraph) => oneLine(paragraph, 1_000));
  const rows = letter.rows.map(({ label, value }) => ({
    label: oneLine(label),
    value: oneLine(value),
  }));
  const closing = oneLine(letter.closing, 1_000);
  return {
    subject,
    text: textOf([greeting, ...paragraphs], rows, closing),
    html: htmlOf(subject, [greeting, ...paragraphs], rows, closing),
  };
}

function textOf(
  paragraphs: readonly string[],
  rows: readonly LetterRow[],
  closing: string,
): string {
  const width = Math.max(0, ...rows.map(({ label }) => label.length)) + 2;
  const table = rows.map(({ label, value }) => `${`${label}:`.padEnd(width)}${value}`).join('\n');
  return `${[...paragraphs, table, closing].filter(Boolean).join('\n\n')}\n`;
}

function htmlOf(
  subject: string,
  paragraphs: readonly string[],
  rows: readonly LetterRow[],
  closing: string,
): string {
  const cells = rows.map(
    ({ label, value }) =>
      html`<tr>
        <td style="padding:2px 24px 2px 0">${label}</td>
        <td>${value}</td>
      </tr>`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${subject}</title>
      </head>
      <body style="font-family:sans-serif">
        ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
        <table>
          ${cells}
        </table>
        <p>${closing}</p>
      </body>
    </html> `.text;
}
