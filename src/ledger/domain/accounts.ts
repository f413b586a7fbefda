declare const name: unique symbol;

/** The name of an account; the tenant it belongs to is part of every row, not of the name. */
export type AccountName = string & { readonly [name]: true };

const named = (text: string): AccountName => text as AccountName;

export type VenueBucket = 'pending' | 'available' | 'reserved' | 'debt';
export type TaxKind = 'state' | 'local' | 'special';

/** The chart of accounts. Venue buckets are disjoint: one cent is in one of them. */
export const account = {
  providerClearing: (provider: string) => named(`provider:${provider}:clearing`),
  venue: (venueId: string, bucket: VenueBucket) => named(`venue:${venueId}:${bucket}`),
  platformFees: named('platform:fees'),
  processingCost: named('platform:processing-cost'),
  processingRecovered: named('platform:processing-recovered'),
  gasReserve: named('gas:reserve'),
  refundsPending: named('refunds:pending'),
  disputesHeld: named('disputes:held'),
  disputeFees: named('platform:dispute-fees'),
  disputeLosses: named('platform:dispute-losses'),
  /** Native units (gwei, lamports) and dollars: what the chain's wallet holds of each. */
  chainWallet: (chain: string) => named(`chain:${chain}:wallet`),
  chainSpent: (chain: string) => named(`chain:${chain}:spent`),
  tax: (jurisdiction: string, kind: TaxKind) => named(`tax:${jurisdiction}:${kind}`),
} as const;
