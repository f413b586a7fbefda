import { leaks } from '../support/leaks.js';
import { newSecrets } from '../../src/sandbox/secrets.js';

const world = { secrets: newSecrets() };

it.each([
  ['a card number', '{"msg":"paid with 4242 4242 4242 4242"}'],
  ['a card number', 'number=5555555555554444&cvc=1'],
  ['a secret key', 'authorization: sk_test_4eC39HqLyjWDarjtT1zdp7dc'],
  ['a client secret', '"pi_3NaBcDeF_secret_XyZ012"'],
  ['a token', 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3In0.c2lnbmF0dXJlLWJ5dGVz'],
  ['an e-mail address', 'sent to bailey.carter@example.com'],
  ['a secret', `INTERNAL=${Object.values(world.secrets.internal)[0] ?? ''}`],
])('finds %s in a text', (what, text) => {
  expect(leaks(text, world)).toEqual([expect.stringContaining(`${what}: `)]);
});

it('passes instants, ids and amounts', () => {
  const line = `{"time":${Date.now()},"requestId":"01a1fbff-96b0-75c0-a5ec-c6419254464a",
    "amount":99999999,"intent":"pi_3xCLm2P70yYi3AJQSiiZqLO4"}`;
  expect(leaks(line, world)).toEqual([]);
});
