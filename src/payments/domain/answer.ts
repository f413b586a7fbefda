import { assertNever } from '../../kernel/errors.js';
import { mintOutlook } from './mint-outlook.js';
import type { BegunPayment } from './payment.js';
import type { BuyerAction } from './provider-outcome.js';
import { feesView, orderPaymentView, transactionView } from './views.js';

/** An HTTP answer before it is sent: `final` ones are stored under the key and replayed verbatim. */
export interface PaymentAnswer {
  readonly status: number;
  readonly body: object;
  readonly final: boolean;
}

const PATH = { process: '/api/v1/payments/process', charge: '/api/payments/charge' } as const;

/**
 * What the buyer is told of a payment: 200 paid, authorized or waiting for the buyer, 202 while
 * nobody knows yet, 402 declined. `action` is known only while the provider's answer is at hand.
 */
export function answerFor(
  payment: BegunPayment,
  at: Date,
  action: BuyerAction | null = null,
): PaymentAnswer {
  switch (payment.status) {
    case 'PENDING':
    case 'PROCESSING':
    case 'UNKNOWN':
      return { status: 202, body: view(payment, false), final: false };
    case 'IN_REVIEW':
      return { status: 202, body: view(payment, true), final: false };
    case 'REQUIRES_ACTION':
      return {
        status: 200,
        body: { ...view(payment, false), ...actionView(action) },
        final: false,
      };
    case 'PAYMENT_FAILED':
      return { status: 402, body: declined(payment, at), final: true };
    case 'CANCELLED':
    case 'EXPIRED':
      return { status: 200, body: view(payment, false), final: true };
    case 'AUTHORIZED':
    case 'PAID':
    case 'REFUNDING':
    case 'PARTIALLY_REFUNDED':
    case 'REFUNDED':
    case 'DISPUTED':
      return { status: 200, body: view(payment, true), final: true };
    default:
      return assertNever(payment.status);
  }
}

function view(payment: BegunPayment, success: boolean): object {
  const { operation } = payment.sale.request;
  switch (operation) {
    case 'process':
      return {
        success,
        transaction: transactionView(payment),
        fees: feesView(payment.sale.price),
        nftStatus: mintOutlook(payment),
      };
    case 'charge':
      return { success, payment: orderPaymentView(payment) };
    default:
      return assertNever(operation);
  }
}

function actionView(action: BuyerAction | null): object {
  if (!action) return {};
  return {
    clientSecret: action.clientSecret,
    nextAction: { type: action.type, redirectToUrl: action.url },
  };
}

function declined(payment: BegunPayment, at: Date): object {
  const { request } = payment.sale;
  return {
    error: payment.decline?.message ?? 'The payment was declined.',
    code: 'PAYMENT_FAILED',
    declineCode: payment.decline && (payment.decline.declineCode ?? payment.decline.code),
    timestamp: at.toISOString(),
    path: PATH[request.operation],
    requestId: request.requestId,
    ...(view(payment, false) as Record<string, unknown>),
  };
}
