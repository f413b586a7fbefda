export type Decision = 'approve' | 'challenge' | 'review' | 'decline';

/** Why a purchase was declined; null when it was not. */
export type Cause = 'bot' | 'fraud' | 'velocity' | 'list';

export interface Suspicion {
  /** 0 to 1, four decimals. */
  readonly score: number;
  /** What raised it, by name (`rapid_clicking`, `linear_mouse` …), the heaviest first. */
  readonly indicators: readonly string[];
}

/** A limit that the purchase passes. */
export interface Exceeded {
  /** The limit's name in the rule set, such as `user_hour`. */
  readonly limit: string;
  readonly allowed: number;
  /** What was counted, this purchase included. */
  readonly found: number;
  /** After so long at the latest the count is below the limit; null: waiting does not help. */
  readonly retryAfterSeconds: number | null;
}

export interface Verdict {
  readonly decision: Decision;
  /** The greater of the two suspicions, 1 for who is on a block list; 0 to 1, four decimals. */
  readonly score: number;
  readonly bot: Suspicion;
  /** Scalpers and fraud: all that history tells. */
  readonly scalper: Suspicion;
  readonly velocity: { readonly exceeded: readonly Exceeded[] };
  /** All that spoke against the purchase, as `bot:linear_mouse`, `velocity:user_hour`, `list:user`. */
  readonly reasons: readonly string[];
  readonly cause: Cause | null;
  /** The version of the rule set that decided. */
  readonly ruleSet: string;
}
