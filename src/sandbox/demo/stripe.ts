import { expect, type Stage } from './stage.js';

/** Asks the provider's emulator to do something, or what it has done; its own address, no key. */
export async function emulator(
  { stripeUrl }: Stage,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(`${stripeUrl}/__emulator${path}`, {
    method,
    ...(body && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  expect(answer.ok, `the emulator answers ${method} ${path}`);
  const text = await answer.text();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** What goes wrong from now on with requests (`rules`) and with events (`webhooks`). */
export async function setFaults(
  stage: Stage,
  rules: readonly object[],
  webhooks?: object,
): Promise<void> {
  await emulator(stage, 'PUT', '/faults', { rules, ...(webhooks && { webhooks }) });
}
