/**
 * Test payment methods by what they do; the names are Stripe's own
 * (https://docs.stripe.com/testing, "Cards").
 */
export const CARDS = {
  ok: 'pm_card_visa',
  mastercard: 'pm_card_mastercard',
  declined: 'pm_card_chargeDeclined',
  insufficientFunds: 'pm_card_chargeDeclinedInsufficientFunds',
  expired: 'pm_card_chargeDeclinedExpiredCard',
  incorrectCvc: 'pm_card_chargeDeclinedIncorrectCvc',
  processingError: 'pm_card_chargeDeclinedProcessingError',
  fraudulent: 'pm_card_chargeDeclinedFraudulent',
  threeDSecure: 'pm_card_authenticationRequired',
  dispute: 'pm_card_createDispute',
  disputeNotReceived: 'pm_card_createDisputeProductNotReceived',
  disputeInquiry: 'pm_card_createDisputeInquiry',
  refundFail: 'pm_card_refundFail',
  pendingRefund: 'pm_card_pendingRefund',
} as const;
