import { FraudCheck, type PurchaseToCheck } from '../../src/fraud/fraud.contract.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { type JsonObject, publish } from '../../src/kernel/outbox/index.js';
import { OutboxRelay } from '../../src/kernel/outbox/relay.js';
import { purchaseToCheck } from '../support/fraud-samples.js';
import type { AdminWorld } from './admin-world.js';

/** What buyers do, and what is heard of them, in one tenant of a world. */
export function fraudActs(world: AdminWorld, tenantId: Uuid) {
  async function buy(over: Partial<PurchaseToCheck> = {}) {
    const purchase = purchaseToCheck({ tenantId, ...over });
    const { id, record, verdict } = await world.app.get(FraudCheck).check(purchase);
    await world.database.transact(tenantId, record);
    return { id, verdict, ...purchase };
  }

  async function hear(...events: readonly (readonly [type: string, payload: JsonObject])[]) {
    await world.database.transact(
      tenantId,
      events.map(([type, payload]) =>
        publish(tenantId, {
          ...{ id: newId(), type, version: 1, payload, occurredAt: new Date() },
          ...{ aggregateType: 'payment', aggregateId: newId() },
        }),
      ),
    );
    while ((await world.app.get(OutboxRelay).pass()) > 0);
  }

  return { buy, hear };
}
