import { renderTransaction } from '../objects/balance-transaction.js';
import { renderCharge } from '../objects/charge.js';
import { renderIntent } from '../objects/payment-intent.js';
import { renderMethod } from '../objects/payment-method.js';
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

/** What an operation can answer with. */
export type Kind =
  'balance' | 'balance_transaction' | 'charge' | 'event' | 'payment_intent' | 'payment_method';

interface Expandable {
  kind: Kind;
  resolve: Resolve;
}

/** Which ids may be replaced by their objects, per object. A new resource adds its line. */
const expandable: Readonly<Record<Kind, Readonly<Record<string, Expandable>>>> = {
  payment_intent: {
    latest_charge: { kind: 'charge', resolve: charge },
    payment_method: { kind: 'payment_method', resolve: method },
  },
  charge: {
    balance_transaction: { kind: 'balance_transaction', resolve: transaction },
    payment_intent: { kind: 'payment_intent', resolve: intent },
  },
  balance_transaction: { source: { kind: 'charge', resolve: charge } },
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
    let at = kind;
    for (const field of fields) {
      const next = Object.hasOwn(expandable[at], field) ? expandable[at][field] : undefined;
      if (next === undefined) {
        throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
      }
      at = next.kind;
    }
  }
}

function expandOne(world: World, object: Plain, kind: Kind, path: readonly string[]): void {
  const [field = '', ...rest] = path;
  const next = expandable[kind][field];
  const value = object[field];
  if (next === undefined || value === null || value === undefined) return;
  const expanded = typeof value === 'string' ? next.resolve(world, value) : value;
  if (expanded === undefined) return;
  object[field] = expanded;
  expandOne(world, expanded as Plain, next.kind, rest);
}

/** Replaces ids by objects along each path, https://docs.stripe.com/expand. */
export function expandAll(
  world: World,
  answer: object,
  kind: Kind,
  paths: readonly string[],
): object {
  const whole = answer as Plain;
  const objects = Array.isArray(whole['data']) ? (whole['data'] as Plain[]) : [whole];
  for (const path of paths) {
    for (const object of objects) expandOne(world, object, kind, steps(path));
  }
  return answer;
}
