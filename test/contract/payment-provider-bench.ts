import type { Sale } from '../../src/payments/domain/sale.js';
import type { PaymentProvider } from '../../src/payments/infra/payment-provider.js';

/** How the vendor's side misbehaves with the next request of a kind, and for how long. */
export type Misbehaviour =
  /** It acts, but the answer is an error; asked again under the key it tells the truth. */
  | 'answers wrongly'
  /** It acts, but answers an error under this key for ever. */
  | 'forgets the key'
  /** It does nothing and answers an error. */
  | 'refuses service'
  /** It acts, but never answers in time. */
  | 'hangs'
  /** It acts, and the connection is cut. */
  | 'cuts the connection'
  | 'limits the rate';

/** Which requests: those that charge, capture, cancel or pay back, or those that only look. */
export type Asked = 'charge' | 'capture' | 'cancel' | 'refund' | 'look-up';

/** A provider under test with the vendor's side of it in our hands. */
export interface ProviderBench {
  readonly provider: PaymentProvider;
  /** Payment methods by what they do; the last two by what becomes of a refund to them. */
  readonly methods: {
    readonly ok: string;
    readonly declined: string;
    readonly action: string;
    readonly pendingRefund: string;
    readonly failingRefund: string;
  };
  /** What really happened to the operation, as the vendor's books have it; cents. */
  effects(sale: Sale): { readonly charges: number; readonly captured: number };
  /** The cents that really went back, one number a refund that stands, the oldest first. */
  paidBack(sale: Sale): readonly number[];
  /** With the next request (or all, until `behave`). */
  misbehave(how: Misbehaviour, asked?: Asked, always?: boolean): void;
  behave(): void;
  /** The buyer acts on the page of a `requires_action`. */
  act(url: string, how: 'complete' | 'fail'): Promise<void>;
  /** The bank does now what it would do with refunds in the days to come. */
  daysPass(): void;
  /** Somebody pays back in the vendor's own dashboard; answers the refund's reference. */
  refundElsewhere(sale: Sale, amountCents: number): Promise<string>;
  /** The buyer's bank disputes that much of the charge; answers the dispute's reference. */
  dispute(sale: Sale, amountCents: number): string;
  close(): Promise<void>;
}

/** Effects: none, or one charge of the whole total. */
export const NOTHING = { charges: 0, captured: 0 };
export const ONCE = { charges: 1, captured: 11_845 };
