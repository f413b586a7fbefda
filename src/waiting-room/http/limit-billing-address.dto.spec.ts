import 'reflect-metadata';
import { AppError } from '../../kernel/errors.js';
import { validationPipe } from '../../kernel/http/validation.js';
import { BillingAddressDto } from './limit-billing-address.dto.js';

const address = {
  line1: '116 5th Ave N',
  line2: 'Apt 4B',
  city: 'Nashville',
  state: 'TN',
  postalCode: '37203',
  country: 'US',
};
const pipe = validationPipe();
const take = (body: object): Promise<unknown> =>
  pipe.transform(body, { type: 'body', metatype: BillingAddressDto });

it('takes an address, with or without what not every address has', async () => {
  await expect(take(address)).resolves.toEqual(address);
  const { line1, city } = address;
  const bare = { line1, city, postalCode: '', country: 'ae' };
  await expect(take(bare)).resolves.toEqual(bare);
  await expect(take({ ...address, line2: '', state: '' })).resolves.toBeDefined();
});

it.each([
  ['line1', undefined],
  ['line1', ''],
  ['line1', '...'],
  ['line1', 'a'.repeat(201)],
  ['line1', 116],
  ['line2', null],
  ['line2', 'a'.repeat(201)],
  ['city', undefined],
  ['city', ' '],
  ['city', 'a'.repeat(101)],
  ['state', 'a'.repeat(65)],
  ['state', null],
  ['postalCode', undefined],
  ['postalCode', 37_203],
  ['postalCode', '1'.repeat(21)],
  ['postalCode', ''],
  ['postalCode', '00000'],
  ['country', undefined],
  ['country', 'USA'],
  ['country', 'XX'],
  ['street', '116 5th Ave N'],
])('refuses %s: %p', async (field, value) => {
  const refused: unknown = await take({ ...address, [field]: value }).catch((e: unknown) => e);
  expect(refused).toBeInstanceOf(AppError);
  expect((refused as AppError).details.errors?.map((each) => each.field)).toEqual([field]);
});
