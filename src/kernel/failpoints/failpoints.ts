/** Every place where a test may make the process die, throw or stall. A name used twice is a bug. */
export const FAILPOINTS = [
  'purchase.after_intent',
  'purchase.after_charge',
  'purchase.in_finalize',
  'purchase.after_commit',
  'refund.in_intent',
  'refund.after_intent',
  'refund.after_provider',
  'refund.in_finalize',
  'refund.after_commit',
  'capture.after_intent',
  'capture.after_provider',
  'cancel.after_intent',
  'cancel.after_provider',
  'operation.after_settled',
  'review.in_finalize',
  'cancellation.after_refund',
  'webhook.after_inbox',
  'webhook.before_send',
  'webhook.after_send',
  'outbox.after_delivery',
  'outbox.after_forwarding',
  'mail.after_sending',
  'alert.after_post',
  'reconciliation.after_import',
  'reconciliation.after_costs',
  'reconciliation.after_settled',
  'reconciliation.before_close',
  'mint.after_allocate',
  'mint.after_sign',
  'mint.after_store',
  'mint.after_broadcast',
  'mint.before_receipt',
  'mint.in_finalize',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];
type Action = 'kill' | 'throw' | 'sleep';

interface Armed {
  readonly action: Action;
  readonly milliseconds: number;
}

/** Reads `FAILPOINT=name:kill|throw|sleep[:ms]`, comma separated. Refuses unknown names and actions. */
export function parseFailpoints(text: string | undefined): Map<Failpoint, Armed> {
  const armed = new Map<Failpoint, Armed>();
  for (const part of (text ?? '').split(',').filter(Boolean)) {
    const [name, action, ms] = part.split(':');
    const known = FAILPOINTS.find((failpoint) => failpoint === name);
    if (!known) throw new Error(`FAILPOINT: no failpoint is called ${name}`);
    if (action !== 'kill' && action !== 'throw' && action !== 'sleep') {
      throw new Error(`FAILPOINT: ${name} can kill, throw or sleep, not ${action}`);
    }
    armed.set(known, { action, milliseconds: Number(ms ?? 1000) });
  }
  return armed;
}

let armed = parseFailpoints(process.env.FAILPOINT);

/** Arms failpoints inside a running process, as the environment variable does at its start. */
export function armFailpoints(text: string | undefined): void {
  armed = parseFailpoints(text);
}

/** A named point of possible failure; free when nothing is armed. */
export async function failpoint(name: Failpoint): Promise<void> {
  if (armed.size === 0) return;
  const hit = armed.get(name);
  if (!hit) return;
  if (hit.action === 'kill') process.kill(process.pid, 'SIGKILL');
  if (hit.action === 'throw') throw new Error(`failpoint ${name}`);
  await new Promise((resolve) => setTimeout(resolve, hit.milliseconds));
}
