import type { ProviderRecord } from '../../src/auditor/provider/provider-record.js';

/** One thing that the provider knows otherwise, and the rule that has to name it. */
export interface Disagreement {
  readonly rule: string;
  readonly change: (record: ProviderRecord) => ProviderRecord;
}

export const DISAGREEMENTS: readonly Disagreement[] = [
  {
    rule: 'I2 a charge belongs to one payment of the same amount and currency',
    change: (record) => ({
      ...record,
      charges: record.charges.map((charge) => ({ ...charge, payment_id: null })),
    }),
  },
  {
    rule: 'I2 a payment is charged at most once',
    change: (record) => ({
      ...record,
      charges: record.charges.flatMap((charge) => [charge, { ...charge, id: `${charge.id}_2` }]),
    }),
  },
  {
    rule: 'I2 what is paid or authorized was charged',
    change: (record) => ({ ...record, charges: record.charges.slice(1) }),
  },
  {
    rule: 'I3 a refund at the provider is one of ours, of the same amount and as far along',
    change: (record) => ({
      ...record,
      refunds: record.refunds.map((refund) => ({ ...refund, amount: refund.amount + 1 })),
    }),
  },
  {
    rule: 'I3 the provider pays a refund once',
    change: (record) => ({
      ...record,
      refunds: record.refunds.flatMap((refund) => [refund, { ...refund, id: `${refund.id}_2` }]),
    }),
  },
  {
    rule: 'I3 what we say is refunded is at the provider',
    change: (record) => ({ ...record, refunds: [] }),
  },
  {
    rule: 'I3 a dispute at the provider is one of ours, of the same amount and as far along',
    change: (record) => ({
      ...record,
      disputes: record.disputes.map((dispute) => ({ ...dispute, status: 'lost' })),
    }),
  },
  {
    rule: 'I3 what we say is disputed is at the provider',
    change: (record) => ({ ...record, disputes: [] }),
  },
];
