import { newId } from '../../src/kernel/ids.js';
import type { Role } from '../../src/sandbox/identities.js';
import { type RunningApp, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { type OneTypeEvent, orderOf, type OrderWish, PROCESS, Shop } from '../support/shop.js';

/** The application without background work: what changes was changed by a request. */
export interface PaymentsWorld extends RunningApp {
  readonly shop: Shop;
  /** A client of the main tenant (unless another is named), with an id of its own. */
  readonly as: (roles: readonly Role[], claims?: Claims) => Promise<Client>;
}

interface Claims {
  readonly sub?: string;
  readonly tenantId?: string;
  readonly venues?: readonly string[];
}

export async function startPaymentsWorld(
  settings: Readonly<Record<string, string>> = {},
): Promise<PaymentsWorld> {
  const running = await startApp({ ROLE: 'api', ...settings });
  const { world, url } = running;
  return {
    ...running,
    shop: new Shop(world),
    as: async (roles, claims = {}) => {
      const anyone = { sub: newId(), tenantId: world.cast.tenantId, venues: [] };
      return new Client(url, await world.mintToken({ ...anyone, ...claims, roles }));
    },
  };
}

/** Buys, and answers the payment's id. */
export async function buy(buyer: Client, event: OneTypeEvent, wish?: OrderWish): Promise<string> {
  const { body, text } = await buyer.pay(PROCESS, orderOf(event, wish));
  const { transaction } = body as { transaction?: { id?: unknown } };
  if (typeof transaction?.id !== 'string') throw new Error(`nothing was bought: ${text}`);
  return transaction.id;
}
