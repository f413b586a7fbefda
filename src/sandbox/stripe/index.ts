import { StripeEmulator, type StripeEmulatorOptions } from './emulator.js';

export type { StripeEmulator, StripeEmulatorOptions } from './emulator.js';
export type { FaultName, FaultPlan } from './faults/plan.js';
export type { Effects, TruthDump } from './truth.js';
export type { Delivery } from './webhooks/deliverer.js';

/**
 * Starts an HTTP server that speaks Stripe's API v1 (version 2026-10-28.endive): payment intents,
 * payment methods, charges, refunds, disputes, balance and its transactions, events, signed
 * webhooks, the 3-D Secure page, idempotency, and faults on demand. Listens on loopback only.
 */
export const startStripeEmulator = (options: StripeEmulatorOptions): Promise<StripeEmulator> =>
  StripeEmulator.start(options);
