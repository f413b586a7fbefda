import { type NamedSubject, readSubject } from './read-subject.js';

const ADDRESS = { line1: '116 5th Ave N', city: 'Nashville', postalCode: '37219', country: 'US' };
const named = (over: Partial<NamedSubject>): NamedSubject => ({
  ...{ type: 'card', value: null, billingAddress: null },
  ...over,
});

it('reads a value, or the address of an address', () => {
  expect(readSubject(named({ value: 'jR1c' }))).toEqual({ type: 'card', value: 'jR1c' });
  expect(readSubject(named({ type: 'address', billingAddress: ADDRESS }))).toEqual({
    type: 'address',
    value: ADDRESS,
  });
});

it.each<[string, Partial<NamedSubject>, string]>([
  ['nothing', {}, 'value'],
  ['blanks', { value: '  ' }, 'value'],
  ['a user who is none', { type: 'user', value: 'ann' }, 'value'],
  ['a network that is none', { type: 'ip', value: '198.51.100' }, 'value'],
  ['a network with a zone', { type: 'ip', value: 'fe80::1%eth0' }, 'value'],
  ['an address in one line', { type: 'address', value: '116 5th Ave N' }, 'value'],
  ['an address twice', { type: 'address', value: '1', billingAddress: ADDRESS }, 'value'],
  ['an address without one', { type: 'address' }, 'billingAddress'],
  ['a card with an address', { value: 'jR1c', billingAddress: ADDRESS }, 'billingAddress'],
])('refuses %s', (_what, over, field) => {
  expect(readSubject(named(over))).toMatchObject({ field });
});
