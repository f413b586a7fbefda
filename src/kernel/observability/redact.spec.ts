import fc from 'fast-check';
import { redact } from './redact.js';

const SECRETS: readonly (readonly [string, string])[] = [
  ['a card number', '4242424242424242'],
  ['a card number in groups', '4000 0566 5566 5556'],
  ['a card number with dashes', '5555-5555-5555-4444'],
  ['an American Express number', '378282246310005'],
  ['a 19-digit card number', '6205500000000000004'],
  ['a secret key', 'sk_live_51HxyzABCdef'],
  ['a restricted key', 'rk_test_abcDEF123'],
  ['a webhook secret', 'whsec_abcDEF123+/='],
  ['a client secret', 'pi_3Abc123_secret_XyZ789'],
  ['a token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'],
  ['an unsigned token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.'],
  ['an e-mail address', 'ada.lovelace+tickets@mail.example.co.uk'],
  ['an international address', 'žofie@příklad.cz'],
  ['a bearer header', 'Bearer abcdef0123456789'],
  ['basic credentials', 'Basic dXNlcjpwYXNzd29yZA=='],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----'],
  ['half a private key', '-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA'],
];

const body = (secret: string) => secret.replace(/^(Bearer|Basic) /, '');

describe('redact', () => {
  it.each(SECRETS)('takes out %s, wherever it stands', (_, secret) => {
    const places = [
      { msg: secret },
      { msg: `charge failed for ${secret}, retrying` },
      { msg: `first line\n${secret}\tend` },
      {
        err: { type: 'Error', message: `"${secret}"`, stack: `Error: ${secret}\n    at x.js:1:1` },
      },
      { deep: [{ list: ['a', secret] }] },
    ];
    for (const place of places) {
      const line = redact(JSON.stringify(place));
      expect(line).not.toContain(JSON.stringify(body(secret)).slice(1, -1));
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
    expect(redact(secret)).not.toContain(body(secret));
  });

  it('takes out the number of a card that is a JSON number', () => {
    expect(JSON.parse(redact('{"card":4242424242424242,"list":[5555555555554444]}'))).toEqual({
      card: 0,
      list: [0],
    });
  });

  it.each([
    'authorization',
    'Cookie',
    'password',
    'clientSecret',
    'client_secret',
    'apiKey',
    'cvc',
  ])('takes out whatever the member %s holds', (name) => {
    const line = redact(JSON.stringify({ [name]: 'quo"te \\ and more', after: 1 }));
    expect(JSON.parse(line)).toEqual({ [name]: '[redacted]', after: 1 });
  });

  it.each([
    '0192f3a4-1b2c-7d3e-8f40-1a2b3c4d5e6f',
    '12345678-1234-7123-8123-123456789014',
    '{"time":1763689234567,"amount":9999999999}',
    'payment 4242424242424241 has no valid check digit',
    'order_123 of 2026-01-12T10:00:00.000Z took 12.345678901234567 ms',
    'pi_3Abc123 refunded to acct_1Abc',
    'at Object.<anonymous> (/app/node_modules/@nestjs/core/router.js:12:34)',
  ])('leaves %s alone', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('keeps any JSON line JSON, and does nothing the second time', () => {
    const nasty = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '\\',
        '"',
        '\n',
        'a@b.cz',
        '4242424242424242',
        'Bearer ',
        '-----BEGIN A-----',
      ),
    );
    const text = fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join(''));
    const value = fc.dictionary(
      fc.constantFrom('msg', 'password', 'list'),
      fc.oneof(text, fc.array(text)),
    );
    fc.assert(
      fc.property(value, (object) => {
        const once = redact(JSON.stringify(object));
        expect(() => JSON.parse(once) as unknown).not.toThrow();
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});
