import { noSuch } from '../http/errors.js';
import { createdWindow, expand, page, paging, within } from '../http/list.js';
import { operation } from '../http/operation.js';
import { text } from '../http/params.js';
import { renderRefund } from '../objects/refund.js';
import type { RefundRecord } from '../state/records.js';
import type { World } from '../state/world.js';

/** The refund a path names, or 404. */
export function refundOf(world: World, id = ''): RefundRecord {
  const found = world.refunds.get(id);
  if (found === undefined) throw noSuch('refund', id, 'refund', 404);
  return found;
}

/** GET /v1/refunds/:id */
export const retrieveRefund = operation('GET', '/v1/refunds/:refund', {
  kind: 'refund',
  params: { expand },
  run: ({ world }, _params, ids) => renderRefund(world, refundOf(world, ids['refund'])),
});

/** GET /v1/refunds: newest first, by charge, intent and `created` window. */
export const listRefunds = operation('GET', '/v1/refunds', {
  kind: 'refund',
  params: { ...paging, charge: text(), created: createdWindow, payment_intent: text() },
  run: ({ world }, { charge, payment_intent, ...params }) =>
    page(
      { collection: world.refunds, noun: 'refund', url: '/v1/refunds' },
      params,
      (refund) =>
        within(refund.created, params.created) &&
        refund.charge === (charge ?? refund.charge) &&
        (payment_intent === undefined ||
          world.charges.get(refund.charge)?.paymentIntent === payment_intent),
      (refund) => renderRefund(world, refund),
    ),
});
