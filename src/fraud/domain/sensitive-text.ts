const EMAIL = /\S@\S/;
const DIGIT_RUN = /\d(?:[ .-]?\d){12,}/g;
const TOKEN =
  /eyJ[\w-]{8,}|\b(?:sk|rk|pk|whsec|ghp|xox[a-z])_\w{6,}|_secret_\w{6,}|\bbearer\s+\S{8,}/i;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

const SHORTEST_CARD = 13;
const LONGEST_CARD = 19;

/** Do 13 to 19 digits in a row form a card number, blanks, dots and dashes aside (ISO/IEC 7812)? */
function holdsCardNumber(text: string): boolean {
  return (text.match(DIGIT_RUN) ?? []).some((run) => {
    const digits = run.replace(/\D/g, '');
    for (let end = SHORTEST_CARD; end <= digits.length; end++) {
      if (endsWithCard(digits.slice(Math.max(0, end - LONGEST_CARD), end))) return true;
    }
    return false;
  });
}

/** Luhn's sum grows digit by digit from the right, so every length is tried in one walk. */
function endsWithCard(digits: string): boolean {
  let sum = 0;
  for (let place = 1; place <= digits.length; place++) {
    const digit = Number(digits[digits.length - place]);
    const weighted = place % 2 === 0 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
    if (place >= SHORTEST_CARD && sum % 10 === 0) return true;
  }
  return false;
}

/** Could this text be an e-mail address, a card number or a credential, or is it not text at all? */
export function isSensitive(text: string): boolean {
  return UNPRINTABLE.test(text) || EMAIL.test(text) || TOKEN.test(text) || holdsCardNumber(text);
}
