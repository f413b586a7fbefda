import { pathOf } from './merkle.js';

/**
 * Drawn places a run. The root of each run is a node of the tree over all places, because runs are
 * full, begin at multiples of a power of two, and only the last may be shorter.
 */
export const RUN = 1_024;

/** Which run a rank (from 0) is in, and where there. */
export function inRun(index: number, run = RUN): { readonly run: number; readonly index: number } {
  return { run: Math.floor(index / run), index: index % run };
}

/**
 * The path from a place to the root over all, from the leaves of its own run and the roots of all
 * runs: 1,024 hashes are looked at, not all.
 */
export function pathThroughRuns(
  index: number,
  ownRun: readonly Uint8Array[],
  roots: readonly Uint8Array[],
  run = RUN,
): Buffer[] {
  const at = inRun(index, run);
  return [...pathOf(ownRun, at.index), ...pathOf(roots, at.run)];
}
