import { newId } from './ids.js';
import type { ChargeRecord, TransactionRecord } from './state/records.js';
import type { World } from './state/world.js';

const PAYOUT_DELAY = 2 * 86_400;

/** When money that comes in now can be paid out. */
export const nextPayout = (world: World): number => world.now() + PAYOUT_DELAY;

/** Money of a charge goes back out of the same sum it came into: pending as long as that is. */
export function availableWith(world: World, charge: ChargeRecord): number {
  const original = world.transactions.get(charge.balanceTransaction ?? '');
  return Math.max(world.now(), original?.availableOn ?? nextPayout(world));
}

/** Puts one movement on the balance; answers its id. Amounts are signed, a fee lessens the net. */
export function book(world: World, movement: Omit<TransactionRecord, 'created' | 'id'>): string {
  const id = newId('txn');
  world.transactions.put({ id, created: world.now(), ...movement });
  return id;
}
