/** How many of whom were declined. */
export interface Confusion {
  readonly botsDeclined: number;
  readonly bots: number;
  readonly humansDeclined: number;
  readonly humans: number;
}

/** A share with its 95 % interval; all null when there was nothing to count. */
export interface Share {
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Quality {
  /** Of the declined, those that were bots. */
  readonly precision: Share;
  /** Of the bots, those that were declined. */
  readonly recall: Share;
  /** Of the humans, those that were declined. */
  readonly falsePositives: Share;
}

const Z_95 = 1.959963984540054;

/**
 * The score interval of a share (Wilson 1927), without continuity correction: unlike the textbook's,
 * it says something also when none or all of few were counted.
 */
export function wilson(counted: number, of: number): Share {
  if (of === 0) return { share: null, low: null, high: null };
  const share = counted / of;
  const z2 = Z_95 ** 2 / of;
  const middle = share + z2 / 2;
  const half = Z_95 * Math.sqrt((share * (1 - share)) / of + z2 / of / 4);
  return {
    share,
    low: counted === 0 ? 0 : (middle - half) / (1 + z2),
    high: counted === of ? 1 : (middle + half) / (1 + z2),
  };
}

export function qualityOf({ botsDeclined, bots, humansDeclined, humans }: Confusion): Quality {
  return {
    precision: wilson(botsDeclined, botsDeclined + humansDeclined),
    recall: wilson(botsDeclined, bots),
    falsePositives: wilson(humansDeclined, humans),
  };
}
