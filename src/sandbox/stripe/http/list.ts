import type { Collection, Identified } from '../state/collection.js';
import { noSuch } from './errors.js';
import type { FormValue } from './form.js';
import { hashOf, integer, listOf, text, type Rule } from './params.js';

export const expand = listOf(text());

export const paging = {
  ending_before: text(),
  expand,
  limit: integer({ min: 1, max: 100 }),
  starting_after: text(),
};

interface Window {
  gt?: number;
  gte?: number;
  lt?: number;
  lte?: number;
}

const bounds = hashOf({ gt: integer(), gte: integer(), lt: integer(), lte: integer() });

/** `created=…` or `created[gte]=…&created[lt]=…`. */
export const createdWindow: Rule<Window> = (value: FormValue, param) => {
  if (typeof value !== 'string') return bounds(value, param);
  const at = integer()(value, param);
  return { gte: at, lte: at };
};

export const within = (created: number, window: Window | undefined): boolean =>
  window === undefined ||
  (created > (window.gt ?? -Infinity) &&
    created >= (window.gte ?? -Infinity) &&
    created < (window.lt ?? Infinity) &&
    created <= (window.lte ?? Infinity));

export interface List {
  object: 'list';
  data: object[];
  has_more: boolean;
  url: string;
}

interface Paging {
  ending_before?: string;
  limit?: number;
  starting_after?: string;
}

/**
 * One page, newest first, https://docs.stripe.com/api/pagination. `noun` is what Stripe calls the
 * object in its refusal of a cursor that does not exist.
 */
export function page<R extends Identified>(
  source: { collection: Collection<R>; noun: string; url: string },
  { ending_before: before, limit = 10, starting_after: after }: Paging,
  wanted: (record: R) => boolean,
  render: (record: R) => object,
): List {
  const { collection, noun, url } = source;
  const cursor = (id: string, param: string): number => {
    const position = collection.position(id);
    if (position < 0) throw noSuch(noun, id, param, 400);
    return position;
  };
  const records = collection.all();
  const found: R[] = [];
  // Backwards from a cursor Stripe answers the page just before it, still newest first.
  const step = before === undefined ? -1 : 1;
  let at =
    before !== undefined
      ? cursor(before, 'ending_before') + 1
      : after !== undefined
        ? cursor(after, 'starting_after') - 1
        : records.length - 1;
  for (
    let record = records[at];
    record !== undefined && found.length <= limit;
    record = records[at]
  ) {
    if (wanted(record)) found.push(record);
    at += step;
  }
  const has_more = found.length > limit;
  const data = found.slice(0, limit);
  if (step === 1) data.reverse();
  return { object: 'list', data: data.map(render), has_more, url };
}
