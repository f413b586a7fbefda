/** What the provider's own lists say. Amounts in minor units, instants ISO 8601. */
export interface ProviderRecord {
  readonly charges: readonly ProviderCharge[];
  readonly refunds: readonly ProviderRefund[];
  readonly disputes: readonly ProviderDispute[];
}

/** A charge that the issuer agreed to. */
export interface ProviderCharge {
  readonly id: string;
  /** The intent it was made for. */
  readonly intent: string | null;
  /** As our metadata says. */
  readonly payment_id: string | null;
  readonly tenant_id: string | null;
  readonly amount: number;
  /** What of it was captured. */
  readonly taken: number;
  readonly captured: boolean;
  /** Authorized and let go: nothing was taken and nothing will be. */
  readonly cancelled: boolean;
  readonly currency: string;
  readonly created: string;
}

export interface ProviderRefund {
  readonly id: string;
  readonly charge: string | null;
  /** As our metadata says; null for one that was made at the provider. */
  readonly refund_id: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly status: string;
  readonly created: string;
}

export interface ProviderDispute {
  readonly id: string;
  readonly charge: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: string;
  readonly created: string;
}
