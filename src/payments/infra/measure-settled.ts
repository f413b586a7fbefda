import { measurePayment } from '../../kernel/observability/metrics.js';
import { isOpen } from '../domain/payment.js';
import { v1Status } from '../domain/status-names.js';
import type { Settled } from './settlement.js';

/** Counts a payment when its outcome is first recorded. */
export function measureSettled({ payment, events }: Settled): void {
  if (events.length === 0 || isOpen(payment.status)) return;
  const { sale } = payment;
  measurePayment({
    status: v1Status(payment.status),
    method: sale.charge.method,
    amountCents: BigInt(sale.price.total),
    seconds: (Date.now() - Date.parse(sale.startedAt)) / 1000,
  });
}
