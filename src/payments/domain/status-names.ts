import type { PaymentStatus } from './transitions.js';

const V1: Partial<Record<PaymentStatus, string>> = {
  PAID: 'completed',
  UNKNOWN: 'processing',
  PAYMENT_FAILED: 'failed',
};

/** A state as `/api/v1` names it: `completed`, `processing`, `failed`, others in lower case. */
export function v1Status(status: PaymentStatus): string {
  return V1[status] ?? status.toLowerCase();
}

export type OrderApiStatus = 'SUCCESS' | 'REFUNDED' | 'FAILED' | 'CANCELLED' | 'PENDING';

const ORDER_API: Partial<Record<PaymentStatus, OrderApiStatus>> = {
  PAID: 'SUCCESS',
  REFUNDING: 'SUCCESS',
  PARTIALLY_REFUNDED: 'SUCCESS',
  DISPUTED: 'SUCCESS',
  REFUNDED: 'REFUNDED',
  PAYMENT_FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  EXPIRED: 'CANCELLED',
};

/** A state as `/api/payments` names it. */
export function orderApiStatus(status: PaymentStatus): OrderApiStatus {
  return ORDER_API[status] ?? 'PENDING';
}

/** The states that an `/api/payments` status stands for, for filters. */
export function statesNamed(name: OrderApiStatus, all: readonly PaymentStatus[]): PaymentStatus[] {
  return all.filter((status) => orderApiStatus(status) === name);
}
