import { z } from 'zod';
import { StripeFailure } from './http/errors.js';
import type { Answer } from './http/pipeline.js';

export const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/**
 * Runs `change` on a body that fits the schema and answers what it returns. Refusals: 400 with what
 * is wrong with the body, and the status of a `StripeFailure`.
 */
export function apply<T>(
  schema: z.ZodType<T>,
  body: string,
  change: (value: T) => unknown,
): Answer {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return json(400, { error: 'not JSON' });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return json(400, { error: z.prettifyError(parsed.error) });
  try {
    return json(200, change(parsed.data) ?? { ok: true });
  } catch (error) {
    if (error instanceof StripeFailure) return json(error.status, { error: error.message });
    throw error;
  }
}
