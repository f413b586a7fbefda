import type Stripe from 'stripe';

/**
 * What the emulator remembers. Records hold only what varies; `objects/` turns them into Stripe's
 * full shapes when somebody asks, which keeps a long run small. Amounts in the currency's minor
 * unit, times in seconds.
 */
export interface IntentRecord {
  id: string;
  created: number;
  amount: number;
  amountCapturable: number;
  amountReceived: number;
  allowedPaymentMethodTypes: string[] | null;
  automaticPaymentMethods: { allow_redirects: 'always' | 'never'; enabled: boolean } | null;
  canceledAt: number | null;
  cancellationReason: Stripe.PaymentIntent.CancellationReason | null;
  captureMethod: 'automatic' | 'automatic_async' | 'manual';
  charges: string[];
  clientSecret: string;
  currency: string;
  customer: string | null;
  description: string | null;
  lastPaymentError: PaymentErrorRecord | null;
  metadata: Record<string, string>;
  nextAction: NextActionRecord | null;
  paymentMethod: string | null;
  receiptEmail: string | null;
  requestThreeDSecure: 'any' | 'automatic' | 'challenge' | null;
  setupFutureUsage: 'off_session' | 'on_session' | null;
  statementDescriptor: string | null;
  statementDescriptorSuffix: string | null;
  status: Stripe.PaymentIntent.Status;
  transferGroup: string | null;
}

/** How the buyer is sent to authenticate: by a redirect that comes back, or by Stripe.js. */
export type NextActionRecord =
  { type: 'redirect_to_url'; returnUrl: string } | { type: 'use_stripe_sdk'; source: string };

export interface PaymentErrorRecord {
  type: 'card_error' | 'invalid_request_error';
  message: string;
  code: string;
  param?: string;
  decline_code?: string;
  advice_code?: string;
  charge?: string;
  paymentMethod: string;
}

export interface ChargeRecord {
  id: string;
  created: number;
  amount: number;
  amountCaptured: number;
  amountRefunded: number;
  authenticated: boolean;
  balanceTransaction: string | null;
  captured: boolean;
  captureBefore: number | null;
  currency: string;
  customer: string | null;
  description: string | null;
  disputed: boolean;
  failure: { code: string; message: string; declineCode: string; adviceCode: string | null } | null;
  metadata: Record<string, string>;
  networkReference: string;
  paymentIntent: string;
  paymentMethod: string;
  receiptEmail: string | null;
  refunded: boolean;
  statementDescriptorSuffix: string | null;
  status: 'failed' | 'succeeded';
  transferGroup: string | null;
}

export interface MethodRecord {
  id: string;
  created: number;
  /** Name of the test card it was made from, as `testCard` takes it. */
  card: string;
  /** Without a customer a method pays once. */
  consumed: boolean;
}

export interface TransactionRecord {
  id: string;
  created: number;
  amount: number;
  availableOn: number;
  currency: string;
  description: string | null;
  fee: number;
  /** Id of the charge, refund or dispute that moved the money. */
  source: string;
  type: 'adjustment' | 'charge' | 'refund' | 'refund_failure';
}

export type RefundStatus = 'canceled' | 'failed' | 'pending' | 'requires_action' | 'succeeded';

export interface RefundRecord {
  id: string;
  created: number;
  amount: number;
  balanceTransaction: string;
  charge: string;
  currency: string;
  failureReason: string | null;
  failureTransaction: string | null;
  metadata: Record<string, string>;
  /** What it turns into by itself after `refundLagMs`. */
  next: 'failed' | 'succeeded' | null;
  /** Why it is pending, unless it is only on its way; absent in states of old. */
  pendingReason?: 'insufficient_funds' | null;
  reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null;
  status: RefundStatus;
}

export type DisputeStatus =
  | 'lost'
  | 'needs_response'
  | 'under_review'
  | 'warning_closed'
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'won';

/** How a dispute goes on; `escalated` makes an inquiry a dispute that takes the money. */
export type DisputeOutcome = 'escalated' | 'lost' | 'warning_closed' | 'won';

export interface DisputeRecord {
  id: string;
  created: number;
  amount: number;
  charge: string;
  currency: string;
  dueBy: number;
  /** Only the fields that are filled. */
  evidence: Record<string, string>;
  metadata: Record<string, string>;
  /** What the submitted evidence leads to after `disputeLagMs`. */
  next: DisputeOutcome | null;
  pastDue: boolean;
  reason: string;
  status: DisputeStatus;
  submissionCount: number;
  /** Withdrawal and reinstatement, in order. */
  transactions: string[];
  /** Whether Stripe holds the money back now. */
  withdrawn: boolean;
}

export interface EventRecord {
  id: string;
  created: number;
  type: string;
  /** The object as it was. Renderers make new objects and records replace theirs, so it stays so. */
  object: object;
  previous: object | null;
  pendingWebhooks: number;
  requestId: string | null;
  idempotencyKey: string | null;
}

export interface IdempotencyRecord {
  /** Digest of the API key, a space, and the caller's key. */
  id: string;
  created: number;
  fingerprint: string;
  requestId: string;
  status: number;
  body: string;
}
