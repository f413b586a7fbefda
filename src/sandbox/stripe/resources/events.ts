import { invalidRequest, noSuch } from '../http/errors.js';
import { createdWindow, expand, page, paging, within } from '../http/list.js';
import { operation } from '../http/operation.js';
import { boolean, listOf, text, type Decoded } from '../http/params.js';
import { renderEvent } from '../objects/event.js';

/** GET /v1/events/:id */
export const retrieveEvent = operation('GET', '/v1/events/:id', {
  kind: 'event',
  params: { expand },
  run({ world }, _params, { id = '' }) {
    const found = world.events.get(id);
    if (found === undefined) throw noSuch('event', id, 'id', 404);
    return renderEvent(found);
  },
});

/** `charge.*` stands for every type that begins so. */
const isType = (type: string, wanted: string): boolean =>
  wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;

const listParams = {
  ...paging,
  created: createdWindow,
  delivery_success: boolean,
  type: text(),
  types: listOf(text()),
};

/** GET /v1/events: newest first, by type or types, delivery and `created` window. */
export const listEvents = operation('GET', '/v1/events', {
  kind: 'event',
  params: listParams,
  check({ type, types }: Decoded<typeof listParams>) {
    if (type !== undefined && types !== undefined) {
      throw invalidRequest('You may only specify one of these parameters: type, types.', {
        code: 'parameters_exclusive',
        param: 'types',
      });
    }
  },
  run({ world }, params) {
    const wanted = params.types ?? (params.type === undefined ? ['*'] : [params.type]);
    return page(
      { collection: world.events, noun: 'event', url: '/v1/events' },
      params,
      (event) =>
        within(event.created, params.created) &&
        wanted.some((each) => isType(event.type, each)) &&
        (params.delivery_success ?? event.pendingWebhooks === 0) === (event.pendingWebhooks === 0),
      renderEvent,
    );
  },
});
