import { testCard } from '../cards.js';
import { noSuch } from '../http/errors.js';
import { expand } from '../http/list.js';
import { operation } from '../http/operation.js';
import { renderMethod } from '../objects/payment-method.js';
import { methodOf } from '../payment-intents/attempt.js';

/** GET /v1/payment_methods/:id. Asking for a test name makes a payment method, as at Stripe. */
export const retrieveMethod = operation('GET', '/v1/payment_methods/:payment_method', {
  kind: 'payment_method',
  params: { expand },
  run({ world }, _params, { payment_method: id = '' }) {
    const found = testCard(id) ? methodOf(world, id) : world.methods.get(id);
    if (found === undefined) throw noSuch('PaymentMethod', id, 'payment_method', 404);
    return renderMethod(found);
  },
});
