import { z } from 'zod';
import { apply, json } from './control-body.js';
import { faultPlan } from './faults/plan.js';
import { act } from './control-actions.js';
import type { StripeEmulator } from './emulator.js';
import type { Answer } from './http/pipeline.js';

const lag = z.number().int().min(0).max(3_600_000);
const webhook = z
  .strictObject({
    url: z.url({ protocol: /^http$/ }),
    secret: z.string().min(1),
    enabledEvents: z.array(z.string()).optional(),
  })
  .nullable();
const latency = z.strictObject({ latencyMs: lag });
const lags = z.strictObject({
  searchLagMs: lag.optional(),
  balanceTransactionLagMs: lag.optional(),
  refundLagMs: lag.optional(),
  disputeLagMs: lag.optional(),
});

const funds = z
  .strictObject({
    cents: z.number().int().min(0),
    beyond: z.enum(['pending', 'refused']).default('pending'),
  })
  .nullable();

/** `/__emulator/*`: what the emulator's owner can do, for owners in another process. */
export function control(
  emulator: StripeEmulator,
  { method, path, body }: { method: string; path: string; body: string },
): Answer {
  switch (`${method} ${path}`) {
    case 'GET /__emulator/truth':
      return json(200, emulator.truth());
    case 'GET /__emulator/faults':
      return json(200, emulator.faults());
    case 'PUT /__emulator/faults':
      return apply(faultPlan, body, (plan) => {
        emulator.setFaults(plan);
      });
    case 'PUT /__emulator/webhook':
      return apply(webhook, body, (endpoint) => {
        if (endpoint === null) emulator.clearWebhook();
        else emulator.setWebhook(endpoint.url, endpoint.secret, endpoint.enabledEvents);
      });
    case 'PUT /__emulator/latency':
      return apply(latency, body, ({ latencyMs }) => {
        emulator.setLatency(latencyMs);
      });
    case 'PUT /__emulator/lags':
      return apply(lags, body, (change) => {
        emulator.setLags(change);
      });
    case 'PUT /__emulator/funds':
      return apply(funds, body, (limit) => {
        emulator.bank.limitFunds(limit);
      });
    case 'GET /__emulator/webhooks/deliveries':
      return json(200, emulator.deliveries());
    default:
      return (
        (method === 'POST' ? act(emulator, path, body) : null) ??
        json(404, { error: `no such control: ${method} ${path}` })
      );
  }
}
