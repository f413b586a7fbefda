import { noSuch } from '../http/errors.js';
import { createdWindow, expand, page, paging, within } from '../http/list.js';
import { operation } from '../http/operation.js';
import { text } from '../http/params.js';
import { renderDispute } from '../objects/dispute.js';
import type { DisputeRecord } from '../state/records.js';
import type { World } from '../state/world.js';

/** The dispute a path names, or 404. */
export function disputeOf(world: World, id = ''): DisputeRecord {
  const found = world.disputes.get(id);
  if (found === undefined) throw noSuch('dispute', id, 'dispute', 404);
  return found;
}

/** GET /v1/disputes/:id */
export const retrieveDispute = operation('GET', '/v1/disputes/:dispute', {
  kind: 'dispute',
  params: { expand },
  run: ({ world }, _params, ids) => renderDispute(world, disputeOf(world, ids['dispute'])),
});

/** GET /v1/disputes: newest first, by charge, intent and `created` window. */
export const listDisputes = operation('GET', '/v1/disputes', {
  kind: 'dispute',
  params: { ...paging, charge: text(), created: createdWindow, payment_intent: text() },
  run: ({ world }, { charge, payment_intent, ...params }) =>
    page(
      { collection: world.disputes, noun: 'dispute', url: '/v1/disputes' },
      params,
      (dispute) =>
        within(dispute.created, params.created) &&
        dispute.charge === (charge ?? dispute.charge) &&
        (payment_intent === undefined ||
          world.charges.get(dispute.charge)?.paymentIntent === payment_intent),
      (dispute) => renderDispute(world, dispute),
    ),
});
