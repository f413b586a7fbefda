import type { Sale } from '../../src/payments/domain/sale.js';
import type {
  PaymentProvider,
  RefundOperation,
} from '../../src/payments/infra/payment-provider.js';
import { newId } from '../../src/kernel/ids.js';
import { sale } from '../builders/sale.js';
import type { ProviderBench } from './payment-provider-bench.js';

/** A charge that went through. */
export interface Paid {
  readonly paid: Sale;
  readonly reference: string;
}

/** One test's vendor without history, and sales to begin with. */
export class Scene {
  private opened: ProviderBench | undefined;

  constructor(private readonly start: () => Promise<ProviderBench>) {}

  get bench(): ProviderBench {
    if (!this.opened) throw new Error('the scene is not set');
    return this.opened;
  }

  get provider(): PaymentProvider {
    return this.bench.provider;
  }

  async open(): Promise<void> {
    this.opened = await this.start();
  }

  async close(): Promise<void> {
    await this.opened?.close();
    this.opened = undefined;
  }

  sold(method: keyof ProviderBench['methods'] = 'ok', over = {}, began = new Date()): Sale {
    return sale({
      startedAt: began.toISOString(),
      charge: { paymentMethodId: this.bench.methods[method], ...over },
    });
  }

  manual(): Sale {
    return this.sold('ok', { capture: 'manual' });
  }

  async paid(method: keyof ProviderBench['methods'] = 'ok'): Promise<Paid> {
    const paid = this.sold(method);
    const outcome = await this.provider.charge(paid);
    if (outcome.kind !== 'succeeded') throw new Error(`not paid: ${outcome.kind}`);
    return { paid, reference: outcome.charge.reference };
  }

  async authorized(): Promise<{ held: Sale; reference: string }> {
    const held = this.manual();
    const outcome = await this.provider.charge(held);
    if (outcome.kind !== 'authorized') throw new Error(`not authorized: ${outcome.kind}`);
    return { held, reference: outcome.charge.reference };
  }

  async waiting(): Promise<{ held: Sale; reference: string; url: string }> {
    const held = this.sold('action');
    const outcome = await this.provider.charge(held);
    if (outcome.kind !== 'requires_action') throw new Error(`no action: ${outcome.kind}`);
    return { held, reference: outcome.reference, url: outcome.action.url ?? '' };
  }
}

/** A capture or cancellation of the sale, under an id of its own. */
export const operation = (held: Sale, reference: string) => ({
  operationId: held.charge.operationId,
  reference,
});

/** A refund of that much, under an id of its own. */
export const giveBack = (
  reference: string,
  amountCents: number,
  askedAt = new Date(),
): RefundOperation => ({
  refundId: newId(),
  reference,
  amountCents,
  askedAt: askedAt.toISOString(),
});

/** Asks until the outcome is known; fails when it is not within ten seconds. */
export async function eventually<T extends { readonly kind: string }>(
  ask: () => Promise<T>,
): Promise<T> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const outcome = await ask();
    if (outcome.kind !== 'unknown') return outcome;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nobody knows, still');
}
