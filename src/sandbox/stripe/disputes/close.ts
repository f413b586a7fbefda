import { invalidRequest } from '../http/errors.js';
import { expand } from '../http/list.js';
import { operation } from '../http/operation.js';
import { renderDispute } from '../objects/dispute.js';
import { decide } from './decide.js';
import { disputeOf } from './read.js';

/** POST /v1/disputes/:id/close, https://docs.stripe.com/api/disputes/close: accepts the loss. */
export const closeDispute = operation('POST', '/v1/disputes/:dispute/close', {
  kind: 'dispute',
  params: { expand },
  run({ world, ...cause }, _params, ids) {
    const dispute = disputeOf(world, ids['dispute']);
    if (dispute.status !== 'needs_response') {
      throw invalidRequest(
        `This dispute cannot be closed because it has a status of ${dispute.status}.`,
      );
    }
    decide(world, cause, dispute, 'lost');
    return renderDispute(world, dispute);
  },
});
