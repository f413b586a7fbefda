import { z } from 'zod';
import type { Answer } from './http/pipeline.js';
import { faultPlan } from './faults/plan.js';
import type { StripeEmulator } from './emulator.js';

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
});

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** Runs `apply` on a body that fits the schema, else 400 with what is wrong. */
function put<T>(schema: z.ZodType<T>, body: string, apply: (value: T) => void): Answer {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return json(400, { error: 'not JSON' });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return json(400, { error: z.prettifyError(parsed.error) });
  apply(parsed.data);
  return json(200, { ok: true });
}

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
      return put(faultPlan, body, (plan) => {
        emulator.setFaults(plan);
      });
    case 'PUT /__emulator/webhook':
      return put(webhook, body, (endpoint) => {
        if (endpoint === null) emulator.clearWebhook();
        else emulator.setWebhook(endpoint.url, endpoint.secret, endpoint.enabledEvents);
      });
    case 'PUT /__emulator/latency':
      return put(latency, body, ({ latencyMs }) => {
        emulator.setLatency(latencyMs);
      });
    case 'PUT /__emulator/lags':
      return put(lags, body, (change) => {
        emulator.setLags(change);
      });
    case 'GET /__emulator/webhooks/deliveries':
      return json(200, emulator.deliveries());
    default:
      return json(404, { error: `no such control: ${method} ${path}` });
  }
}
