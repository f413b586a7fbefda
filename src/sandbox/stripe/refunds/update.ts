import { expand } from '../http/list.js';
import { operation } from '../http/operation.js';
import { metadata } from '../http/params.js';
import { mergeMetadata } from '../metadata.js';
import { renderRefund } from '../objects/refund.js';
import { refundOf } from './read.js';
import { announce } from './settle.js';

/** POST /v1/refunds/:id, https://docs.stripe.com/api/refunds/update: metadata and nothing else. */
export const updateRefund = operation('POST', '/v1/refunds/:refund', {
  kind: 'refund',
  params: { expand, metadata },
  run({ world, ...cause }, params, ids) {
    const refund = refundOf(world, ids['refund']);
    if (params.metadata !== undefined) {
      const previous = { metadata: refund.metadata };
      mergeMetadata(refund, params.metadata);
      world.refunds.put(refund);
      announce(world, cause, refund, previous);
    }
    return renderRefund(world, refund);
  },
});
