import { toCents } from '../../kernel/money/index.js';
import { venueBalance } from './venue-balance.js';

it('shows the figures of the specification: 50000 available, 5000 of it reserved, 45000 payable', () => {
  const buckets = {
    pending: toCents(15_000),
    available: toCents(45_000),
    reserved: toCents(5_000),
  };
  expect(venueBalance(buckets, toCents(700))).toEqual({
    available: 50_000n,
    pending: 15_000n,
    reserved: 5_000n,
    payable: 45_000n,
    debt: 700n,
  });
});
