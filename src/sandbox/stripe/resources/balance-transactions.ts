import { noSuch } from '../http/errors.js';
import { createdWindow, expand, page, paging, within } from '../http/list.js';
import { operation } from '../http/operation.js';
import { text, unsupported } from '../http/params.js';
import { renderTransaction } from '../objects/balance-transaction.js';

/** GET /v1/balance_transactions/:id */
export const retrieveTransaction = operation('GET', '/v1/balance_transactions/:id', {
  kind: 'balance_transaction',
  params: { expand },
  run({ world }, _params, { id = '' }) {
    const found = world.transactions.get(id);
    if (found === undefined) throw noSuch('balance transaction', id, 'id', 404);
    return renderTransaction(world, found);
  },
});

/** GET /v1/balance_transactions: newest first, by source, type, currency and `created` window. */
export const listTransactions = operation('GET', '/v1/balance_transactions', {
  kind: 'balance_transaction',
  params: {
    ...paging,
    created: createdWindow,
    currency: text(),
    payout: unsupported,
    source: text(),
    type: text(),
  },
  run: ({ world }, params) =>
    page(
      {
        collection: world.transactions,
        noun: 'balance transaction',
        url: '/v1/balance_transactions',
      },
      params,
      (transaction) =>
        within(transaction.created, params.created) &&
        transaction.source === (params.source ?? transaction.source) &&
        transaction.type === (params.type ?? transaction.type) &&
        transaction.currency === (params.currency ?? transaction.currency),
      (transaction) => renderTransaction(world, transaction),
    ),
});
