import { invalidRequest } from '../http/errors.js';
import { createdWindow, expand, page, paging, within } from '../http/list.js';
import { operation } from '../http/operation.js';
import { integer, text } from '../http/params.js';
import { compileSearch, type SearchFields } from '../http/search-query.js';
import { renderIntent } from '../objects/payment-intent.js';
import type { IntentRecord } from '../state/records.js';
import { intentOf } from './refusals.js';

/** GET /v1/payment_intents/:id */
export const retrieveIntent = operation('GET', '/v1/payment_intents/:intent', {
  kind: 'payment_intent',
  params: { client_secret: text(), expand },
  run({ world }, params, ids) {
    const intent = intentOf(world, ids['intent']);
    if (params.client_secret !== undefined && params.client_secret !== intent.clientSecret) {
      throw invalidRequest('The client_secret provided does not match this PaymentIntent.', {
        code: 'payment_intent_invalid_parameter',
        param: 'client_secret',
      });
    }
    return renderIntent(world, intent);
  },
});

/** GET /v1/payment_intents: newest first, by `created` window and customer. */
export const listIntents = operation('GET', '/v1/payment_intents', {
  kind: 'payment_intent',
  params: { ...paging, created: createdWindow, customer: text(), customer_account: text() },
  run: ({ world }, params) =>
    page(
      { collection: world.intents, noun: 'payment_intent', url: '/v1/payment_intents' },
      params,
      ({ created, customer }) =>
        within(created, params.created) &&
        (params.customer === undefined || customer === params.customer) &&
        params.customer_account === undefined,
      (intent) => renderIntent(world, intent),
    ),
});

const fields: SearchFields<IntentRecord> = {
  amount: ({ amount }) => amount,
  created: ({ created }) => created,
  currency: ({ currency }) => currency,
  customer: ({ customer }) => customer,
  metadata: ({ metadata }, key) => (Object.hasOwn(metadata, key) ? metadata[key] : null),
  status: ({ status }) => status,
};

/**
 * GET /v1/payment_intents/search. A new intent is found only after `searchLagMs`: absence proves
 * nothing before that, as Stripe warns (https://docs.stripe.com/search#data-freshness).
 */
export const searchIntents = operation('GET', '/v1/payment_intents/search', {
  kind: 'payment_intent',
  params: { expand, limit: integer({ min: 1, max: 100 }), page: text(), query: text() },
  required: ['query'],
  run({ world }, params) {
    const matches = compileSearch(params.query, fields);
    const indexedUntil = world.nowMs() - world.lags.searchLagMs;
    const { limit = 10 } = params;
    const after =
      params.page === undefined ? null : Buffer.from(params.page, 'base64url').toString();
    if (after !== null && world.intents.position(after) < 0) {
      throw invalidRequest('Invalid page token.', { param: 'page' });
    }
    const { data, has_more } = page(
      { collection: world.intents, noun: 'payment_intent', url: '' },
      { limit, ...(after === null ? {} : { starting_after: after }) },
      (intent) => intent.created * 1000 <= indexedUntil && matches(intent),
      (intent) => renderIntent(world, intent),
    );
    const last = data.at(-1) as { id: string } | undefined;
    return {
      object: 'search_result',
      data,
      has_more,
      next_page: has_more && last !== undefined ? Buffer.from(last.id).toString('base64url') : null,
      url: '/v1/payment_intents/search',
    };
  },
});
