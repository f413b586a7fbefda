import { noSuch } from '../http/errors.js';
import { createdWindow, expand, page, paging, within } from '../http/list.js';
import { operation } from '../http/operation.js';
import { text } from '../http/params.js';
import { renderCharge } from '../objects/charge.js';

/** GET /v1/charges/:id */
export const retrieveCharge = operation('GET', '/v1/charges/:charge', {
  kind: 'charge',
  params: { expand },
  run({ world }, _params, { charge = '' }) {
    const found = world.charges.get(charge);
    if (found === undefined) throw noSuch('charge', charge, 'charge', 404);
    return renderCharge(world, found);
  },
});

/** GET /v1/charges: newest first, by intent, customer, transfer group and `created` window. */
export const listCharges = operation('GET', '/v1/charges', {
  kind: 'charge',
  params: {
    ...paging,
    created: createdWindow,
    customer: text(),
    payment_intent: text(),
    transfer_group: text(),
  },
  run: ({ world }, params) =>
    page(
      { collection: world.charges, noun: 'charge', url: '/v1/charges' },
      params,
      (charge) =>
        within(charge.created, params.created) &&
        charge.paymentIntent === (params.payment_intent ?? charge.paymentIntent) &&
        charge.customer === (params.customer ?? charge.customer) &&
        charge.transferGroup === (params.transfer_group ?? charge.transferGroup),
      (charge) => renderCharge(world, charge),
    ),
});
