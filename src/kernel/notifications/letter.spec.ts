import fc from 'fast-check';
import { html, type Letter, mailAddress, oneLine, render } from './index.js';

const letter = (text: string): Letter => ({
  subject: text,
  paragraphs: [text],
  rows: [{ label: text, value: text }],
  closing: text,
});

/** Text that tries: line breaks of every kind, markup, separators, directions, halves of pairs. */
const hostile = fc
  .array(
    fc
      .constantFrom('\r\n', '\n', '\r', '\u2028', '\u0085', '\0', '\u202e', '\ud800', 'Bcc: a@b.co')
      .chain((part) => fc.tuple(fc.constant(part), fc.string())),
    { maxLength: 8 },
  )
  .map((parts) => parts.flat().join(''));

describe('row 41: a letter', () => {
  it('has one subject line and no line that its texts wrote', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { subject, text: body } = render(letter(text), text);
        expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        expect(body.split('\n').length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('has no markup but its own', () => {
    const tags = (text: string) => render(letter(text), text).html.match(/</g)?.length;
    fc.assert(
      fc.property(hostile, (text) => {
        expect(tags(`x${text}<b>"'&`)).toBe(tags('x'));
      }),
    );
  });
});

describe('html', () => {
  it('escapes what stands in content and in attributes, once', () => {
    const inner = html`<i>${'&'}</i>`;
    expect(html`<a title="${'"><x'}">${inner}${[inner, inner]}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;x"><i>&amp;</i><i>&amp;</i><i>&amp;</i></a>',
    );
  });
});

describe('oneLine', () => {
  it.each([
    ['a\r\nb', 'a b'],
    ['  a\t\tb ', 'a b'],
    ['a\u2028b\u202ec', 'a b c'],
    ['Ünïcode 🎟️'.normalize(), 'Ünïcode 🎟️'.normalize()],
  ])('%j is %j', (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it('is cut between characters', () => {
    expect(oneLine('🎟🎟🎟🎟', 3)).toBe('🎟🎟…');
  });
});

describe('mailAddress', () => {
  it.each(['a@example.com', 'first.last+tag@sub.example.co.uk', 'jörg@münchen.example'])(
    'takes %s',
    (email) => {
      expect(mailAddress(email, 'A')).toEqual({ address: email, name: 'A' });
    },
  );

  it.each([
    null,
    undefined,
    '',
    'nobody',
    'a@localhost',
    'a@b@example.com',
    'a@example.com,b@example.com',
    'a@example.com b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'a@example.com\n',
    '<a@example.com>',
    '"a b"@example.com',
    'a@[127.0.0.1]',
    'a@-example.com',
    '.a@example.com',
    'a..b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(250)}.com`,
  ])('refuses %j', (email) => {
    expect(mailAddress(email, 'A')).toBeUndefined();
  });

  it('leaves nothing in a name that a header could mean', () => {
    const name = 'Eve" <evil@example.org>\r\nBcc: x';
    expect(mailAddress('a@example.com', name)?.name).toBe('Eve evil@example.org Bcc: x');
    expect(mailAddress('a@example.com', null)?.name).toBe('');
  });
});
