import { newId } from '../../src/kernel/ids.js';
import type { Sale } from '../../src/payments/domain/sale.js';
import { KeyedMemoSeal } from '../../src/payments/infra/keyed-memo-seal.js';
import { StripeProvider } from '../../src/payments/infra/stripe/stripe-provider.js';
import type { StripeEmulator } from '../../src/sandbox/stripe/index.js';
import { sale, saleTicket } from '../builders/sale.js';
import { clientOf, Emulators, SECRET_KEY } from './support/stripe-sandbox.js';

const emulators = new Emulators();
let emulator: StripeEmulator;

beforeAll(async () => {
  emulator = await emulators.start({});
});
afterAll(() => emulators.stopAll());

const provider = (secret = 'a secret') =>
  new StripeProvider(
    { secretKey: SECRET_KEY, apiBase: emulator.baseUrl, timeoutMs: 4_000, maxConcurrent: 8 },
    new KeyedMemoSeal([secret]),
  );

async function charged(sold: Sale): Promise<string> {
  const outcome = await provider().charge(sold);
  if (outcome.kind !== 'succeeded') throw new Error(`not charged: ${outcome.kind}`);
  return outcome.charge.reference;
}

describe('what the provider keeps of a sale', () => {
  it('is told again with what became of the charge', async () => {
    const sold = sale({ orderId: 'order-1', charge: { description: 'Zwei Plätze, 2 × 50 €' } });
    const recalled = await provider().recall(await charged(sold));
    expect(recalled).toMatchObject({ kind: 'sale', outcome: { kind: 'succeeded' } });
    expect(recalled.kind === 'sale' && recalled.sale).toEqual(sold);
  });

  it('is a whole order of fifty tickets', async () => {
    const sold = sale({ tickets: Array.from({ length: 50 }, () => saleTicket({ seat: 'Row 1' })) });
    const recalled = await provider().recall(await charged(sold));
    expect(recalled.kind === 'sale' && recalled.sale).toEqual(sold);
  });

  it('does not stand in the way of an order that is too long to be kept', async () => {
    const sold = sale({ tickets: Array.from({ length: 300 }, () => saleTicket()) });
    expect(await provider().recall(await charged(sold))).toMatchObject({ kind: 'nothing' });
  });

  it('is the same when the charge is asked for again: the key is not refused', async () => {
    const sold = sale();
    const reference = await charged(sold);
    const stored = JSON.parse(JSON.stringify(sold, backwards)) as Sale;
    expect(Object.keys(stored)).not.toEqual(Object.keys(sold));
    expect(await charged(stored)).toBe(reference);
    expect(emulator.truth().effects.operation_id?.[sold.charge.operationId]?.charges).toBe(1);
  });

  it('is nothing to whoever has another secret', async () => {
    const reference = await charged(sale());
    expect(await provider('another').recall(reference)).toMatchObject({ kind: 'nothing' });
  });

  it('is nothing beside a charge that it was not written for', async () => {
    const { stripe } = clientOf(emulator);
    const { metadata, amount, currency } = await stripe.paymentIntents.retrieve(
      await charged(sale()),
    );
    const copy = (change: Record<string, string>, cents = amount) =>
      stripe.paymentIntents.create({
        amount: cents,
        currency,
        metadata: { ...metadata, ...change },
      });
    for (const { id } of [
      await copy({ operation_id: newId() }),
      await copy({ payment_id: newId() }),
      await copy({ tenant_id: newId() }),
      await copy({}, amount + 1),
    ]) {
      expect(await provider().recall(id)).toMatchObject({ kind: 'nothing' });
    }
  });

  it('is unknown while the provider does not answer, and nothing where it has no such charge', async () => {
    expect(await provider().recall('pi_nobody')).toMatchObject({ kind: 'nothing' });
    const reference = await charged(sale());
    emulator.setFaults({ rules: [{ fault: 'reset', match: { method: 'GET' } }] });
    expect(await provider().recall(reference)).toMatchObject({ kind: 'unknown' });
    emulator.setFaults({ rules: [] });
  });
});

/** Fields in another order, as a database may give them back. */
function backwards(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}
