import type { TokenOrder } from '../ticket-chain.js';
import { fitOneTransaction } from './gas-limits.js';

/** Cuts orders into transactions of at most `most`, whose gas fits one as well, in the order given. */
export function cutOrders(
  orders: readonly TokenOrder[],
  most: number,
): readonly (readonly TokenOrder[])[] {
  const cut: TokenOrder[][] = [];
  for (const order of orders) {
    const last = cut.at(-1);
    if (last && last.length < most && fitOneTransaction([...last, order])) last.push(order);
    else cut.push([order]);
  }
  return cut;
}
