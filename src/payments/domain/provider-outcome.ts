/**
 * What a provider says about a charge, in our words. `unknown` is neither success nor failure: the
 * money may or may not have moved, and only asking again can tell. Amounts in cents.
 */
export type ProviderOutcome =
  | { readonly kind: 'succeeded'; readonly charge: ProviderCharge }
  | { readonly kind: 'authorized'; readonly charge: ProviderCharge }
  | { readonly kind: 'requires_action'; readonly reference: string; readonly action: BuyerAction }
  | { readonly kind: 'processing'; readonly reference: string }
  | { readonly kind: 'failed'; readonly reference: string | null; readonly decline: Decline }
  | {
      readonly kind: 'cancelled';
      readonly reference: string;
      /** Nobody called it off: its time ran out. */
      readonly expired: boolean;
    }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      /** The provider does not want to be asked again earlier. */
      readonly retryAfterSeconds?: number;
    };

/** A charge the provider holds: its reference, what it took, and the method's public facts. */
export interface ProviderCharge {
  readonly reference: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly methodFingerprint: string | null;
  readonly cardBrand: string | null;
  readonly cardLast4: string | null;
  /** How the card's bank authenticated the buyer; absent where it was not asked to. */
  readonly threeDSecure?: ThreeDSecure;
}

/** A 3-D Secure authentication in the provider's words. */
export interface ThreeDSecure {
  readonly result: string | null;
  readonly flow: string | null;
  readonly version: string | null;
  /** The card network's electronic commerce indicator. */
  readonly indicator: string | null;
}

/** Why the provider refused; `code` and `declineCode` are the provider's, `message` is for people. */
export interface Decline {
  readonly code: string;
  readonly declineCode: string | null;
  readonly message: string;
}

/** What the buyer must do next. The secret is handed to the buyer and never stored. */
export interface BuyerAction {
  readonly clientSecret: string;
  readonly type: string;
  readonly url: string | null;
}
