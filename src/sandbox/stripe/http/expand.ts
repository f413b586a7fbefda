import { renderTransaction } from '../objects/balance-transaction.js';
import { renderCharge } from '../objects/charge.js';
import { renderDispute } from '../objects/dispute.js';
import { renderIntent } from '../objects/payment-intent.js';
import { renderMethod } from '../objects/payment-method.js';
import { renderRefund } from '../objects/refund.js';
import type { World } from '../state/world.js';
import { invalidRequest } from './errors.js';

type Plain = Record<string, unknown>;
type Resolve = (world: World, id: string) => object | undefined;

const charge: Resolve = (world, id) => {
  const found = world.charges.get(id);
  return found && renderCharge(world, found);
};
const intent: Resolve = (world, id) => {
  const found = world.intents.get(id);
  return found && renderIntent(world, found);
};
const method: Resolve = (world, id) => {
  const found = world.methods.get(id);
  return found && renderMethod(found);
};
const transaction: Resolve = (world, id) => {
  const found = world.transactions.get(id);
  return found && renderTransaction(world, found);
};

const refund: Resolve = (world, id) => {
  const found = world.refunds.get(id);
  return found && renderRefund(world, found);
};
const dispute: Resolve = (world, id) => {
  const found = world.disputes.get(id);
  return found && renderDispute(world, found);
};
/** A balance transaction's source is whatever moved the money. */
const source: Resolve = (world, id) => charge(world, id) ?? refund(world, id) ?? dispute(world, id);

/** What an operation can answer with: the object's own `object`. */
export type Kind =
  | 'balance'
  | 'balance_transaction'
  | 'charge'
  | 'dispute'
  | 'event'
  | 'payment_intent'
  | 'payment_method'
  | 'refund';

interface Expandable {
  kinds: readonly Kind[];
  resolve: Resolve;
}

/** Which ids may be replaced by their objects, per object. A new resource adds its line. */
const expandable: Readonly<Record<Kind, Readonly<Record<string, Expandable>>>> = {
  payment_intent: {
    latest_charge: { kinds: ['charge'], resolve: charge },
    payment_method: { kinds: ['payment_method'], resolve: method },
  },
  charge: {
    balance_transaction: { kinds: ['balance_transaction'], resolve: transaction },
    payment_intent: { kinds: ['payment_intent'], resolve: intent },
  },
  refund: {
    balance_transaction: { kinds: ['balance_transaction'], resolve: transaction },
    charge: { kinds: ['charge'], resolve: charge },
    failure_balance_transaction: { kinds: ['balance_transaction'], resolve: transaction },
    payment_intent: { kinds: ['payment_intent'], resolve: intent },
    payment_method: { kinds: ['payment_method'], resolve: method },
  },
  dispute: {
    charge: { kinds: ['charge'], resolve: charge },
    payment_intent: { kinds: ['payment_intent'], resolve: intent },
  },
  balance_transaction: { source: { kinds: ['charge', 'dispute', 'refund'], resolve: source } },
  balance: {},
  event: {},
  payment_method: {},
};

const MAX_DEPTH = 4;

/** Steps of a path, without the `data` that leads into a list. */
const steps = (path: string): string[] =>
  path.split('.').filter((step, i) => i > 0 || step !== 'data');

/** Refuses, before anything runs, a path along which nothing can be expanded. */
export function checkExpand(kind: Kind, paths: readonly string[]): void {
  for (const path of paths) {
    const fields = steps(path);
    if (fields.length > MAX_DEPTH) {
      throw invalidRequest(
        `You cannot expand more than ${String(MAX_DEPTH)} levels of a property.`,
        { param: 'expand' },
      );
    }
    let at: readonly Kind[] = [kind];
    for (const field of fields) {
      at = at.flatMap((each) =>
        Object.hasOwn(expandable[each], field) ? (expandable[each][field]?.kinds ?? []) : [],
      );
      if (at.length === 0) {
        throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
      }
    }
  }
}

function expandOne(world: World, object: Plain, path: readonly string[]): void {
  const [field = '', ...rest] = path;
  const next = expandable[object['object'] as Kind][field];
  const value = object[field];
  if (next === undefined || value === null || value === undefined) return;
  const expanded = typeof value === 'string' ? next.resolve(world, value) : value;
  if (expanded === undefined) return;
  object[field] = expanded;
  expandOne(world, expanded as Plain, rest);
}

/** Replaces ids by objects along each path, https://docs.stripe.com/expand. */
export function expandAll(world: World, answer: object, paths: readonly string[]): object {
  const whole = answer as Plain;
  const objects = Array.isArray(whole['data']) ? (whole['data'] as Plain[]) : [whole];
  for (const path of paths) {
    for (const object of objects) expandOne(world, object, steps(path));
  }
  return answer;
}
