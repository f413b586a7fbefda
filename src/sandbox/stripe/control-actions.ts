import { z } from 'zod';
import { apply } from './control-body.js';
import type { StripeEmulator } from './emulator.js';
import type { Answer } from './http/pipeline.js';

/** One `POST /__emulator/…`: does something to the object its path names. */
interface Action {
  path: RegExp;
  answer: (emulator: StripeEmulator, body: string, id: string) => Answer;
}

const action = <B>(
  path: RegExp,
  schema: z.ZodType<B>,
  run: (emulator: StripeEmulator, body: B, id: string) => object,
): Action => ({
  path,
  answer: (emulator, body, id) =>
    apply(schema, body === '' ? '{}' : body, (value) => run(emulator, value, id)),
});

const nothing = z.strictObject({});

const refundOutcome = z.strictObject({
  status: z.enum(['canceled', 'failed', 'requires_action', 'succeeded']),
  failureReason: z.string().min(1).optional(),
});

const opening = z.strictObject({
  charge: z.string(),
  amount: z.number().int().positive().optional(),
  inquiry: z.boolean().optional(),
  reason: z.string().min(1).optional(),
  withdraw: z.boolean().optional(),
});

const decision = z.strictObject({
  outcome: z.enum(['escalated', 'lost', 'warning_closed', 'won']),
  returnFee: z.boolean().optional(),
});

const funds = z.strictObject({
  move: z.enum(['reinstate', 'withdraw']),
  returnFee: z.boolean().optional(),
});

const redelivery = z.strictObject({
  times: z.number().int().min(1).max(1000).optional(),
  asNew: z.boolean().optional(),
});

/** The answer is the object as it is then. */
const actions: readonly Action[] = [
  action(/^\/__emulator\/advance$/, nothing, ({ bank }) => ({ done: bank.advance() })),
  action(/^\/__emulator\/refunds\/(\w+)$/, refundOutcome, ({ bank }, body, id) =>
    bank.settleRefund(id, body.status, body.failureReason),
  ),
  action(/^\/__emulator\/disputes$/, opening, ({ bank }, { charge, ...body }) =>
    bank.openDispute(charge, body),
  ),
  action(/^\/__emulator\/disputes\/(\w+)\/outcome$/, decision, ({ bank }, body, id) =>
    bank.decideDispute(id, body.outcome, body),
  ),
  action(/^\/__emulator\/disputes\/(\w+)\/funds$/, funds, ({ bank }, body, id) =>
    bank.moveDisputeFunds(id, body.move, body),
  ),
  action(/^\/__emulator\/events\/(\w+)\/redeliver$/, redelivery, (emulator, body, id) => ({
    events: emulator.redeliver(id, body),
  })),
];

/** Makes something happen to an object; null for a path that no action has. */
export function act(emulator: StripeEmulator, path: string, body: string): Answer | null {
  for (const { path: pattern, answer } of actions) {
    const found = pattern.exec(path);
    if (found !== null) return answer(emulator, body, found[1] ?? '');
  }
  return null;
}
