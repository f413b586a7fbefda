import { expand } from '../http/list.js';
import { operation } from '../http/operation.js';
import { renderBalance } from '../objects/balance.js';

/** GET /v1/balance */
export const retrieveBalance = operation('GET', '/v1/balance', {
  kind: 'balance',
  params: { expand },
  run: ({ world }) => renderBalance(world),
});
