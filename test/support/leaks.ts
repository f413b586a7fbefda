import type { TestWorld } from './world.js';

const SHAPES = {
  'a secret key': /\b(?:sk|rk|whsec)_[A-Za-z0-9_]{12,}/g,
  'a client secret': /\bpi_\w+_secret_\w+/g,
  'a token': /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  'an e-mail address': /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
} as const;

/** Card numbers begin with 2 to 6; the milliseconds of a log line's time begin with 1. */
const CARD = /(?<![\w.-])[2-6]\d(?:[ -]?\d){11,17}(?![\w.-])/g;

/**
 * What a text tells that no log, metric or trace may (I16): card numbers, keys, tokens, e-mail
 * addresses, and the world's own secrets in whatever form.
 */
export function leaks(text: string, world: Pick<TestWorld, 'secrets'>): string[] {
  const { stripeSecretKey, stripeWebhookSecret, quoteToken, internal, vault } = world.secrets;
  const secrets = [stripeSecretKey, stripeWebhookSecret, quoteToken];
  const own = [...secrets, ...Object.values(internal), ...Object.values(vault)];
  return [
    ...Object.entries(SHAPES).flatMap(([what, shape]) =>
      [...text.matchAll(shape)].map(([found]) => `${what}: ${found}`),
    ),
    ...[...text.matchAll(CARD)]
      .map(([found]) => found.replaceAll(/\D/g, ''))
      .filter(passesLuhn)
      .map((digits) => `a card number: ${digits}`),
    ...own.filter((secret) => text.includes(secret)).map((secret) => `a secret: ${secret}`),
  ];
}

/** The check digit of card numbers (ISO/IEC 7812-1): every second digit from the right counts twice. */
function passesLuhn(digits: string): boolean {
  const sum = Array.from(digits, Number)
    .reverse()
    .reduce((total, digit, index) => {
      const value = digit * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}
