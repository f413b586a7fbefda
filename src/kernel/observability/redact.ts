/** What stands in a log line instead of what was taken out; none of them holds a JSON meta-character. */
const MARK = {
  card: '[card]',
  key: '[key]',
  token: '[token]',
  email: '[email]',
  secret: '[redacted]',
} as const;

/** Members whose text is never logged, whatever it looks like. */
const SECRET_MEMBERS =
  'authorization|proxy-authorization|cookie|set-cookie|password|passphrase|secret|client_?secret|' +
  'secret_?key|private_?key|api_?key|access_?token|refresh_?token|id_?token|bearer|cvc|cvv|cvc2|' +
  'card_?number|pan|ssn|tin|x-internal-signature|stripe-signature';

/** Before a match: no word character, unless it is the letter of a JSON escape such as `\n`. */
const EDGE = String.raw`(?:(?<![\p{L}\p{N}_-])|(?<=\\[bfnrt]))`;

/*
 * One pass over a serialized line. Alternatives that match harmless text (JSON escapes, UUIDs)
 * come first and are put back: they keep a match from starting inside an escape or an id.
 */
const SENSITIVE = new RegExp(
  [
    String.raw`(?<member>"(?:${SECRET_MEMBERS})"\s*:\s*)"(?:[^"\\]|\\.)*"`,
    String.raw`(?<pem>-----BEGIN [A-Z0-9 ]{1,40}-----(?:[^"\\]|\\.)*?(?:-----END [A-Z0-9 ]{1,40}-----|(?=")|$))`,
    String.raw`(?<kept>\\u[\da-f]{4}|\\.|(?<![\w-])[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\w-]))`,
    String.raw`(?<auth>${EDGE}(?:Bearer|Basic)\s+)[\w.~+/=-]{6,}`,
    String.raw`(?<token>eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*){0,3})`,
    String.raw`(?<key>${EDGE}(?:(?:sk|rk|pk)_(?:live|test)_\w{4,}|whsec_[\w+/=]{4,}|(?:pi|seti|src)_\w+?_secret_\w+))`,
    String.raw`(?<email>[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8})`,
    String.raw`(?<digits>(?:(?<![\w.])|(?<=\\[bfnrt]))\d(?:[ -]?\d){12,18}(?!\w))`,
  ].join('|'),
  'giu',
);

const TRACES = ['@', 'eyJ', 'k_', 'whsec_', '_secret_', '-----B'];
const MEMBER = new RegExp(`"(?:${SECRET_MEMBERS})"`, 'i');

/** Could the text hold any of it? Ten times cheaper than the pass itself, and rarely yes. */
function isSuspicious(text: string): boolean {
  return (
    TRACES.some((trace) => text.includes(trace)) ||
    /bearer|basic/i.test(text) ||
    MEMBER.test(text) ||
    /\d[\d -]{11,}\d/.test(text)
  );
}

/**
 * Takes card numbers (13 to 19 digits that satisfy Luhn), provider keys, tokens, e-mail addresses,
 * PEM blocks, `Authorization` values and the text of members with secret names out of a JSON line
 * or a plain text. Valid JSON stays valid JSON.
 */
export function redact(text: string): string {
  if (!isSuspicious(text)) return text;
  return text.replace(SENSITIVE, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    if (groups.kept !== undefined) return match;
    if (groups.member !== undefined) return `${groups.member}"${MARK.secret}"`;
    if (groups.auth !== undefined) return groups.auth + MARK.token;
    if (groups.digits !== undefined) return redactDigits(match, rest, text);
    if (groups.email !== undefined) return MARK.email;
    return groups.token === undefined ? MARK.key : MARK.token;
  });
}

function redactDigits(match: string, rest: readonly unknown[], line: string): string {
  if (!isCardLike(match)) return match;
  const offset = rest.at(-3) as number;
  const bare =
    /[:,[]/.test(line[offset - 1] ?? '') && /[,}\]]/.test(line[offset + match.length] ?? '');
  return bare ? '0' : MARK.card;
}

/** Luhn (ISO/IEC 7812-1) over the digits; no network issues 13 digits that start with 1 (a clock's milliseconds). */
function isCardLike(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (digits.length === 13 && digits.startsWith('1')) return false;
  let total = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    total += doubled > 9 ? doubled - 9 : doubled;
  }
  return total % 10 === 0;
}
