import type { Session } from '../session.js';
import { contradictions, isAutomated, isHeadless, isScript } from './client-marks.js';
import { type Gesture, gesturesOf, type Kind } from './gestures.js';
import { bowOf, roughnessOf, straightnessOf, turningOf } from './path-shape.js';
import {
  clickIntervalMs,
  clicksWithoutMovement,
  holdsOf,
  keyVariation,
  timingEntropy,
} from './rhythm.js';
import { edgeOf, peaksOf, profileOf, spreadOf } from './speed-profile.js';
import { figure, mean, median, variation } from './statistics.js';
import { hasShape, restOf, steps, type Stroke, strokesOf } from './strokes.js';

/** What the request itself tells of the program that sent it. */
export interface Client {
  readonly userAgent?: string | undefined;
  /** `sec-ch-ua`, `sec-ch-ua-mobile`, `sec-ch-ua-platform` by their lower-case names, as sent. */
  readonly clientHints?: Readonly<Record<string, string>> | undefined;
}

/**
 * How a buyer behaved, and in which browser. Null: there is too little to tell. A stroke is the
 * pointer's movement between two rests or clicks; those of at least 60 px and six points have a
 * shape, and two of them (four for what compares them) are needed to speak of a hand.
 */
export type SessionFeatures = {
  /** How many of each were reported; of `strokes`, those with a shape. */
  readonly actions: number;
  readonly moves: number;
  readonly clicks: number;
  readonly touches: number;
  readonly keys: number;
  readonly strokes: number;

  /** Of the strokes' paths, each the median: chord over way, farthest from the chord over chord. */
  readonly straightness: number | null;
  readonly bow: number | null;
  /** All turns of a stroke in radians. */
  readonly turning: number | null;
  /** Noise across the path in pixels. */
  readonly roughnessPx: number | null;

  /** Of the strokes' speed over their time: its variation, at the ends relative to the mean … */
  readonly speedVariation: number | null;
  readonly edgeSpeed: number | null;
  /** … how often it rises in a stroke, and how much it differs from stroke to stroke. */
  readonly speedPeaks: number | null;
  readonly speedSpread: number | null;

  /** Variation of the time between the points of a stroke. */
  readonly intervalVariation: number | null;
  /** How different the pauses are: 0 all alike, 1 no two alike. */
  readonly timingEntropy: number | null;
  /** Share of the clicks to which no movement, touch or key led. */
  readonly clicksWithoutMovement: number | null;
  readonly clickIntervalMs: number | null;
  /** How long buttons and keys are down: the median, and its variation. */
  readonly holdMs: number | null;
  readonly holdVariation: number | null;
  readonly keyHoldMs: number | null;
  readonly keyVariation: number | null;

  /** What the browser and its request say of themselves. */
  readonly headless: boolean;
  readonly automated: boolean;
  readonly script: boolean;
  /** How many of their statements contradict each other. */
  readonly contradictions: number | null;
};

const LEAST_STROKES = 2;
const LEAST_COMPARED = 4;

/**
 * The features of a session and its client. Pure and total; all
 * numbers are finite, with at most six decimals.
 */
export function sessionFeatures(session: Session | undefined, client: Client): SessionFeatures {
  const gestures = gesturesOf(session);
  const restMs = restOf(gestures);
  const strokes = strokesOf(gestures, restMs).filter(hasShape);
  const browser = session?.browserFeatures ?? {};
  return {
    actions: session?.actions?.length ?? 0,
    moves: countOf(gestures, 'move'),
    clicks: countOf(gestures, 'click'),
    touches: countOf(gestures, 'touch-start'),
    keys: countOf(gestures, 'key-down'),
    strokes: strokes.length,
    ...pathFeatures(strokes),
    ...speedFeatures(strokes),
    ...rhythmFeatures(gestures, restMs),
    headless: isHeadless(browser, client),
    automated: isAutomated(browser, client),
    script: isScript(client),
    contradictions: contradictions(browser, client),
  };
}

function countOf(gestures: readonly Gesture[], kind: Kind): number {
  return gestures.filter((gesture) => gesture.kind === kind).length;
}

function pathFeatures(strokes: readonly Stroke[]) {
  const middle = (of: (stroke: Stroke) => number) => typical(strokes.map(of));
  return {
    straightness: middle(straightnessOf),
    bow: middle(bowOf),
    turning: middle(turningOf),
    roughnessPx: figure(roughnessOf(strokes)),
    intervalVariation: middle((stroke) => variation(steps(stroke).map(([a, b]) => b.t - a.t))),
  };
}

function speedFeatures(strokes: readonly Stroke[]) {
  const profiles = strokes.flatMap((stroke) => {
    const profile = profileOf(stroke);
    return profile ? [profile] : [];
  });
  const enough = profiles.length >= LEAST_COMPARED;
  return {
    speedVariation: typical(profiles.map(variation)),
    edgeSpeed: typical(profiles.map(edgeOf)),
    speedPeaks: enough ? figure(mean(profiles.map(peaksOf))) : null,
    speedSpread: enough ? figure(spreadOf(profiles)) : null,
  };
}

function rhythmFeatures(gestures: readonly Gesture[], restMs: number) {
  const holds = holdsOf(gestures, 'press', 'release');
  const holdMs = figure(holds && median(holds));
  return {
    timingEntropy: figure(timingEntropy(gestures, restMs)),
    clicksWithoutMovement: figure(clicksWithoutMovement(gestures, restMs)),
    clickIntervalMs: figure(clickIntervalMs(gestures)),
    holdMs,
    holdVariation: holdMs ? figure(holds && variation(holds)) : null,
    keyHoldMs: figure(median(holdsOf(gestures, 'key-down', 'key-up') ?? [])),
    keyVariation: figure(keyVariation(gestures)),
  };
}

function typical(values: readonly number[]): number | null {
  return values.length < LEAST_STROKES ? null : figure(median(values));
}
