import { StripeFailure } from './errors.js';
import { decodeForm } from './form.js';

/** Decoded hashes have no prototype; plain ones compare equal as JSON. */
const plain = (encoded: string): unknown => JSON.parse(JSON.stringify(decodeForm(encoded)));

test.each<[string, unknown]>([
  ['', {}],
  ['a=1&b=', { a: '1', b: '' }],
  ['a=one+two%26three', { a: 'one two&three' }],
  ['a[b]=1&a[c][d]=2', { a: { b: '1', c: { d: '2' } } }],
  ['a%5Bb%5D=1', { a: { b: '1' } }],
  ['a[]=1&a[]=2', { a: ['1', '2'] }],
  ['a[0]=1&a[1]=2', { a: { '0': '1', '1': '2' } }],
  ['a[0][b]=1&a[0][c]=2', { a: { '0': { b: '1', c: '2' } } }],
  ['a[][b]=1&a[][b]=2', { a: [{ b: '1' }, { b: '2' }] }],
  ['a=1&a=2', { a: '2' }],
])('%s', (encoded, expected) => {
  expect(plain(encoded)).toEqual(expected);
});

test.each(['a=%zz', 'a=1&a[b]=2', 'a[b=1', `a${'[b]'.repeat(20)}=1`])('refuses %s', (encoded) => {
  expect(() => decodeForm(encoded)).toThrow(StripeFailure);
});

test('a parameter named __proto__ is only a name', () => {
  const form = decodeForm('__proto__[admin]=1&a[__proto__][admin]=1');
  expect(Object.keys(form)).toEqual(['__proto__', 'a']);
  expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
});
