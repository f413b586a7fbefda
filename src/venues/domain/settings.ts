import type { Uuid } from '../../kernel/ids.js';

export const PLATFORM_FEE_PAYERS = ['buyer', 'venue'] as const;
export const GAS_FEE_PAYERS = ['buyer', 'venue', 'platform'] as const;
export const PROCESSING_FEE_PAYERS = ['platform', 'buyer', 'venue'] as const;
export const DISPUTE_LOSS_PAYERS = ['venue', 'platform'] as const;
export const BLOCKCHAINS = ['polygon', 'solana', 'auto'] as const;
export const TOKEN_REVOCATIONS = ['burn', 'claw_back', 'keep'] as const;

export interface FeePayerSettings {
  readonly platformFeePayer: (typeof PLATFORM_FEE_PAYERS)[number];
  readonly gasFeePayer: (typeof GAS_FEE_PAYERS)[number];
  readonly processingFeePayer: (typeof PROCESSING_FEE_PAYERS)[number];
}

export interface RefundPolicy {
  /** Hours after the purchase in which buyers may refund themselves; 0: never. */
  readonly windowHours: number;
  readonly refundPlatformFee: boolean;
  readonly refundGas: boolean;
  readonly refundProcessingFee: boolean;
  /** Whether refunded tickets go back on sale. */
  readonly freeSeats: boolean;
}

/**
 * What becomes of a ticket's token when the ticket is refunded or its dispute lost: it is destroyed,
 * taken back into the platform's custody, or left where it is.
 */
export type TokenRevocation = (typeof TOKEN_REVOCATIONS)[number];

export type DisputeLossPayer = (typeof DISPUTE_LOSS_PAYERS)[number];

/** Tickets of one event: per user, per card or account, per address, per order. */
export interface PurchaseLimits {
  readonly perUser: number;
  readonly perPaymentMethod: number;
  readonly perAddress: number;
  readonly maxTicketsPerOrder: number;
}

/** The resale price in basis points of the original one. The law of the place may be stricter. */
export interface ResaleSettings {
  readonly maxPriceBps: number;
  readonly minPriceBps: number;
}

export interface Settings extends FeePayerSettings {
  readonly refundPolicy: RefundPolicy;
  /** Who bears the ticket money of a dispute that is lost. */
  readonly disputeLossPayer: DisputeLossPayer;
  readonly purchaseLimits: PurchaseLimits;
  /** Null: as the ticket service's catalogue says. */
  readonly highDemand: boolean | null;
  readonly groupExpiryMinutes: number;
  readonly resale: ResaleSettings;
  /** Where tickets are minted; `auto`: on the cheapest chain that answers. */
  readonly blockchain: (typeof BLOCKCHAINS)[number];
  readonly tokenRevocation: TokenRevocation;
}

/**
 * What one level decides; absent is left to the level below. Limits and the refund policy are
 * decided field by field, the two resale bounds only together: a mixture of two levels could leave
 * no price between them.
 */
export type SettingsLayer = Partial<Omit<Settings, 'refundPolicy' | 'purchaseLimits'>> & {
  readonly refundPolicy?: Partial<RefundPolicy>;
  readonly purchaseLimits?: Partial<PurchaseLimits>;
};

/** The settings of a sale, with the ids of the rows they came from: null where a level has none. */
export interface EffectiveSettings extends Settings {
  readonly versions: {
    readonly tenant: Uuid | null;
    readonly venue: Uuid | null;
    readonly event: Uuid | null;
  };
}

/**
 * What holds in every tenant until it, a venue or an event decides otherwise (Payment service spec: event
 * purchase limits, group payments, resale bounds). Refunds by buyers are off.
 */
export const DEFAULT_SETTINGS: Settings = {
  platformFeePayer: 'buyer',
  gasFeePayer: 'buyer',
  processingFeePayer: 'platform',
  refundPolicy: {
    windowHours: 0,
    refundPlatformFee: false,
    refundGas: false,
    refundProcessingFee: false,
    freeSeats: true,
  },
  disputeLossPayer: 'venue',
  purchaseLimits: { perUser: 4, perPaymentMethod: 4, perAddress: 8, maxTicketsPerOrder: 4 },
  highDemand: null,
  groupExpiryMinutes: 10,
  resale: { maxPriceBps: 25_000, minPriceBps: 5_000 },
  blockchain: 'auto',
  tokenRevocation: 'burn',
};

/** Later layers win over earlier ones. Members a layer does not know are passed over. */
export function mergeSettings(...layers: readonly SettingsLayer[]): Settings {
  return layers.reduce<Settings>(
    (below, layer) => ({
      platformFeePayer: layer.platformFeePayer ?? below.platformFeePayer,
      gasFeePayer: layer.gasFeePayer ?? below.gasFeePayer,
      processingFeePayer: layer.processingFeePayer ?? below.processingFeePayer,
      refundPolicy: { ...below.refundPolicy, ...layer.refundPolicy },
      disputeLossPayer: layer.disputeLossPayer ?? below.disputeLossPayer,
      purchaseLimits: { ...below.purchaseLimits, ...layer.purchaseLimits },
      highDemand: layer.highDemand ?? below.highDemand,
      groupExpiryMinutes: layer.groupExpiryMinutes ?? below.groupExpiryMinutes,
      resale: layer.resale ?? below.resale,
      blockchain: layer.blockchain ?? below.blockchain,
      tokenRevocation: layer.tokenRevocation ?? below.tokenRevocation,
    }),
    DEFAULT_SETTINGS,
  );
}
