import type Stripe from 'stripe';
import type { StripeEmulator } from '../../src/sandbox/stripe/index.js';
import { clientOf, disputedPayment, Emulators, refusal } from './support/stripe-sandbox.js';

const emulators = new Emulators();
let emulator: StripeEmulator;
let stripe: Stripe;
let now: number;

beforeEach(async () => {
  now = Date.now();
  emulator = await emulators.start({ clock: () => new Date(now), disputeLagMs: 3_600_000 });
  ({ stripe } = clientOf(emulator));
});
afterEach(() => emulators.stopAll());

const respond = (id: string, uncategorized_text: string) =>
  stripe.disputes.update(id, { evidence: { uncategorized_text } });

describe('evidence', () => {
  test('is drafted, and then submitted once', async () => {
    const { dispute } = await disputedPayment(emulator, stripe);
    const draft = await stripe.disputes.update(dispute.id, {
      evidence: { product_description: 'Two tickets', customer_name: 'A. Buyer' },
      metadata: { case: '7' },
      submit: false,
    });
    expect(draft).toMatchObject({
      status: 'needs_response',
      metadata: { case: '7' },
      evidence: { product_description: 'Two tickets', uncategorized_text: null, receipt: null },
      evidence_details: { has_evidence: true, submission_count: 0 },
    });
    const sent = await stripe.disputes.update(dispute.id, {
      evidence: { customer_name: '', uncategorized_text: 'The buyer was at the gate' },
    });
    expect(sent).toMatchObject({
      status: 'under_review',
      evidence: { product_description: 'Two tickets', customer_name: null },
      evidence_details: { submission_count: 1, submission_method: 'manual', past_due: false },
    });
    const again = await refusal(respond(dispute.id, 'One more thing'));
    expect(again).toMatchObject({ statusCode: 400, param: 'evidence' });
    const { metadata } = await stripe.disputes.update(dispute.id, { metadata: { case: '8' } });
    expect(metadata).toEqual({ case: '8' });
    const kept = await stripe.disputes.retrieve(dispute.id);
    expect(kept.evidence.uncategorized_text).toBe('The buyer was at the gate');
    const { data } = await stripe.events.list({ type: 'charge.dispute.updated' });
    expect(data[1]?.data.previous_attributes).toMatchObject({ status: 'needs_response' });
    expect(data).toHaveLength(3);
  });

  test('after the deadline is past due', async () => {
    const { dispute } = await disputedPayment(emulator, stripe);
    now = ((dispute.evidence_details.due_by ?? 0) + 1) * 1000;
    expect((await respond(dispute.id, 'late')).evidence_details.past_due).toBe(true);
  });

  test('with nothing, too much, or files the emulator cannot have', async () => {
    const { dispute } = await disputedPayment(emulator, stripe);
    const update = (params: Stripe.DisputeUpdateParams) =>
      refusal(stripe.disputes.update(dispute.id, params));
    expect(await update({ submit: true })).toMatchObject({ param: 'submit' });
    expect(await update({ evidence: { uncategorized_text: 'x'.repeat(20_001) } })).toMatchObject({
      param: 'evidence[uncategorized_text]',
    });
    const fields = [
      'access_activity_log',
      'cancellation_policy_disclosure',
      'cancellation_rebuttal',
      'duplicate_charge_explanation',
      'product_description',
      'refund_policy_disclosure',
      'refund_refusal_explanation',
      'uncategorized_text',
    ].map((name) => [name, 'x'.repeat(19_000)]);
    const much = Object.fromEntries(fields) as Stripe.DisputeUpdateParams.Evidence;
    expect((await update({ evidence: much })).message).toContain('150000');
    expect(await update({ evidence: { receipt: 'file_1' } })).toMatchObject({
      param: 'evidence[receipt]',
    });
    expect(await stripe.disputes.retrieve(dispute.id)).toEqual(dispute);
    expect((await refusal(stripe.disputes.retrieve('du_1'))).message).toBe(
      "No such dispute: 'du_1'",
    );
  });
});
