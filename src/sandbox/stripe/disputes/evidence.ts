import { invalidRequest } from '../http/errors.js';
import { hashOf, unsettable, unsupportedAll } from '../http/params.js';
import type { DisputeOutcome, DisputeRecord } from '../state/records.js';

const LONG = 20_000;
const LONGEST = 150_000;

/** Fields of text and how long they may be; files need uploads, which the emulator does not have. */
export const evidenceFields = {
  access_activity_log: unsettable(LONG),
  billing_address: unsettable(),
  cancellation_policy_disclosure: unsettable(LONG),
  cancellation_rebuttal: unsettable(LONG),
  customer_email_address: unsettable(),
  customer_name: unsettable(),
  customer_purchase_ip: unsettable(),
  duplicate_charge_explanation: unsettable(LONG),
  duplicate_charge_id: unsettable(),
  product_description: unsettable(LONG),
  refund_policy_disclosure: unsettable(LONG),
  refund_refusal_explanation: unsettable(LONG),
  service_date: unsettable(),
  shipping_address: unsettable(),
  shipping_carrier: unsettable(),
  shipping_date: unsettable(),
  shipping_tracking_number: unsettable(),
  uncategorized_text: unsettable(LONG),
};

export const evidence = hashOf({
  ...evidenceFields,
  ...unsupportedAll(
    'appeal',
    'cancellation_policy',
    'customer_communication',
    'customer_signature',
    'duplicate_charge_documentation',
    'enhanced_evidence',
    'receipt',
    'refund_policy',
    'service_documentation',
    'shipping_documentation',
    'uncategorized_file',
  ),
});

/** Fills fields, '' empties one. Refuses more than 150,000 characters together. */
export function stage(
  dispute: DisputeRecord,
  changes: Readonly<Record<string, string | null | undefined>>,
): void {
  const merged = Object.entries({ ...dispute.evidence, ...changes }).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  if (merged.reduce((sum, [, text]) => sum + text.length, 0) > LONGEST) {
    throw invalidRequest(
      `The combined character count of all evidence fields is limited to ${String(LONGEST)}.`,
      { param: 'evidence' },
    );
  }
  dispute.evidence = Object.fromEntries(merged);
}

/** What the bank answers to evidence in test mode, https://docs.stripe.com/testing#evidence. */
export function verdictOn({ evidence: filled, status }: DisputeRecord): DisputeOutcome | null {
  const inquiry = status.startsWith('warning_');
  switch (filled['uncategorized_text']) {
    case 'winning_evidence':
      return inquiry ? 'warning_closed' : 'won';
    case 'losing_evidence':
      return inquiry ? 'escalated' : 'lost';
    case 'escalate_inquiry_evidence':
      return inquiry ? 'escalated' : null;
    default:
      return null;
  }
}
