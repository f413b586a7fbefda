import { invalidRequest } from '../http/errors.js';
import { expand } from '../http/list.js';
import { operation } from '../http/operation.js';
import { renderRefund } from '../objects/refund.js';
import { refundOf } from './read.js';
import { settle } from './settle.js';

/** POST /v1/refunds/:id/cancel, https://docs.stripe.com/api/refunds/cancel */
export const cancelRefund = operation('POST', '/v1/refunds/:refund/cancel', {
  kind: 'refund',
  params: { expand },
  run({ world, ...cause }, _params, ids) {
    const refund = refundOf(world, ids['refund']);
    if (refund.status !== 'requires_action') {
      throw invalidRequest(
        `You cannot cancel this refund because it has a status of ${refund.status}. Only refunds with a status of requires_action can be canceled.`,
      );
    }
    settle(world, cause, refund, 'canceled');
    return renderRefund(world, refund);
  },
});
