import { newId } from '../../kernel/ids.js';
import { type LimitedSale, limitsOf, skippedLimits } from './limited-sale.js';
import { normalizeBillingAddress } from './normalize-limit-address.js';

const billingAddress = { line1: '1 Main St', city: 'Ames', postalCode: '50010', country: 'US' };
const sale: LimitedSale = {
  tenantId: newId(),
  paymentId: newId(),
  eventId: newId(),
  quantity: 2,
  limits: { perUser: 4, perPaymentMethod: 5, perAddress: 8 },
  userId: newId(),
  paymentMethod: 'fingerprint',
  billingAddress,
};

it('a sale is held to a limit for the user, the card and the address, in this order', () => {
  expect(limitsOf(sale)).toEqual([
    { limit: 'user', subject: sale.userId, allowed: 4 },
    { limit: 'payment_method', subject: 'fingerprint', allowed: 5 },
    { limit: 'address', subject: normalizeBillingAddress(billingAddress), allowed: 8 },
  ]);
  expect(skippedLimits(sale)).toEqual([]);
});

it('what is not known limits nothing, and is told', () => {
  const unknown = { ...sale, paymentMethod: null, billingAddress: null };
  expect(limitsOf(unknown).map(({ limit }) => limit)).toEqual(['user']);
  expect(skippedLimits(unknown)).toEqual(['payment_method', 'address']);
  expect(skippedLimits({ ...sale, billingAddress: null })).toEqual(['address']);
  expect(skippedLimits({ ...sale, paymentMethod: null })).toEqual(['payment_method']);
});
