export const EVIDENCE = {
  access_activity_log: '2026-11-21 20:04 scanned at gate 4',
  cancellation_policy_disclosure: 'Shown before the purchase',
  cancellation_rebuttal: 'Nobody cancelled',
  duplicate_charge_explanation: 'Two orders, two charges',
  duplicate_charge_id: 'ch_3Q8yZx2eZvKYlo2C0aBcDeFg',
  product_description: 'Two admission tickets',
  refund_policy_disclosure: 'Shown before the purchase',
  refund_refusal_explanation: 'The tickets were used',
  service_date: '2026-11-21',
  uncategorized_text: 'Scanned at gate 4',
};

export const ADDRESS = { street: '501 Broadway', city: 'Nashville', state: 'TN', zip: '37203' };

export const SETTINGS = {
  settings: {
    platformFeePayer: 'buyer',
    gasFeePayer: 'buyer',
    processingFeePayer: 'platform',
    refundPolicy: {
      windowHours: 24,
      refundPlatformFee: false,
      refundGas: false,
      refundProcessingFee: false,
      freeSeats: true,
    },
    disputeLossPayer: 'platform',
    purchaseLimits: { perUser: 500, perPaymentMethod: 500, perAddress: 500, maxTicketsPerOrder: 4 },
    highDemand: false,
    groupExpiryMinutes: 10,
    resale: { maxPriceBps: 25_000, minPriceBps: 5_000 },
    blockchain: 'auto',
    tokenRevocation: 'burn',
  },
  effectiveFrom: '2031-06-01T05:00:00Z',
};
