import { hintOf, normalised } from './list-entry.js';

it.each([
  ['ip', '::FFFF:198.51.100.7', '198.51.100.7'],
  ['ip', '2001:DB8::1', '2001:db8:0:0::/64'],
  ['user', '01945A3C-2B7E-7C11-9A44-5D1F0C6A7B21', '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21'],
  ['card', 'Xt5EWLLDS7FJjR1c', 'Xt5EWLLDS7FJjR1c'],
  ['device', 'fp_AB', 'fp_AB'],
] as const)('reads %s %j as %j', (type, value, text) => {
  expect(normalised({ type, value })).toBe(text);
});

const ADDRESS = { line1: '116 5th Ave N', city: 'Nashville', postalCode: '37219', country: 'US' };

it('reads an address as one, however it is written, and shows nothing of it', () => {
  const written = { ...ADDRESS, line1: '116 FIFTH Avenue North', state: 'TN', country: 'us' };
  const read = (value: typeof ADDRESS) => normalised({ type: 'address', value });
  expect(read(written)).toBe(read(ADDRESS));
  expect(read({ ...ADDRESS, line1: '117 5th Ave N' })).not.toBe(read(ADDRESS));
  expect(hintOf({ type: 'address', value: ADDRESS })).toBe('…');
});

it.each([
  ['user', '01945A3C-2B7E-7C11-9A44-5D1F0C6A7B21', '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b21'],
  ['device', 'fp_8f14e45fceea167a', '…167a'],
  ['card', 'Xt5EWLLDS7FJjR1c', '…jR1c'],
  ['ip', '198.51.100.7', '198.…'],
  ['ip', '2001:db8::1', '2001:…'],
] as const)('shows of %s %s no more than %s', (type, value, hint) => {
  expect(hintOf({ type, value })).toBe(hint);
});
