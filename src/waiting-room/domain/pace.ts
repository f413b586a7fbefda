/** How long it may take until somebody is admitted, in seconds. */
export interface EtaRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** How many were really admitted in adjoining spans of time of one length, the latest first. */
export interface Pace {
  readonly spanSeconds: number;
  readonly admitted: readonly number[];
}

/** Faster than ever, or slower than on the whole: what the past does not show. */
const MARGIN = 0.25;

/**
 * A range from how many were admitted of late: from as if the best span went on, to as if all spans
 * together did, those in which nobody was admitted included. Null when nobody was admitted in any.
 */
export function etaRange(ahead: number, { spanSeconds, admitted }: Pace): EtaRange | null {
  const all = admitted.reduce((sum, each) => sum + each, 0);
  if (all === 0) return null;
  const secondsAt = (inSpan: number) => ((ahead + 1) / inSpan) * spanSeconds;
  return {
    fromSeconds: Math.floor(secondsAt(Math.max(...admitted) * (1 + MARGIN))),
    toSeconds: Math.ceil(secondsAt((all / admitted.length) * (1 - MARGIN))),
  };
}
