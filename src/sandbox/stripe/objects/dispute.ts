import type Stripe from 'stripe';
import { evidenceFields } from '../disputes/evidence.js';
import type { DisputeRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { renderTransaction } from './balance-transaction.js';
import { cardOf } from './payment-method.js';

/** Visa's codes for the reasons a card buyer gives, https://docs.stripe.com/disputes/categories. */
const NETWORK_CODES: Readonly<Record<string, string>> = {
  credit_not_processed: '13.7',
  duplicate: '12.6',
  fraudulent: '10.4',
  product_not_received: '13.1',
  product_unacceptable: '13.3',
  subscription_canceled: '13.2',
};

const files = {
  cancellation_policy: null,
  customer_communication: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  receipt: null,
  refund_policy: null,
  service_documentation: null,
  shipping_documentation: null,
  uncategorized_file: null,
};

function evidence({ evidence: filled }: DisputeRecord): Stripe.Dispute.Evidence {
  const texts = Object.fromEntries(
    Object.keys(evidenceFields).map((field) => [field, filled[field] ?? null]),
  ) as Record<keyof typeof evidenceFields, string | null>;
  return { ...texts, ...files, enhanced_evidence: {} };
}

/** https://docs.stripe.com/api/disputes/object */
export function renderDispute(world: World, dispute: DisputeRecord): Stripe.Dispute {
  const charge = world.charges.get(dispute.charge);
  const method = world.methods.get(charge?.paymentMethod ?? '');
  if (charge === undefined || method === undefined) {
    throw new Error(`dispute ${dispute.id} without its charge`);
  }
  const { brand } = cardOf(method);
  const inquiry = dispute.status.startsWith('warning_');
  const code = NETWORK_CODES[dispute.reason] ?? null;
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: dispute.transactions.flatMap((id) => {
      const transaction = world.transactions.get(id);
      return transaction === undefined ? [] : [renderTransaction(world, transaction)];
    }),
    charge: dispute.charge,
    created: dispute.created,
    currency: dispute.currency,
    enhanced_eligibility_types: [],
    evidence: evidence(dispute),
    evidence_details: {
      due_by: dispute.dueBy,
      enhanced_eligibility: {},
      has_evidence: Object.keys(dispute.evidence).length > 0,
      past_due: dispute.pastDue,
      submission_count: dispute.submissionCount,
      submission_method: dispute.submissionCount === 0 ? 'not_submitted' : 'manual',
    },
    intended_submission_method: null,
    is_charge_refundable: (inquiry || dispute.status === 'won') && !charge.refunded,
    livemode: false,
    metadata: dispute.metadata,
    network_reason_code: code,
    payment_intent: charge.paymentIntent,
    payment_method_details: {
      type: 'card',
      card: {
        brand,
        case_type: inquiry ? 'inquiry' : 'chargeback',
        network: brand,
        network_reason_code: code,
      },
    },
    reason: dispute.reason,
    status: dispute.status,
  };
}
