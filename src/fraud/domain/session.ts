/** The longest `sessionData` that is taken, as JSON text in UTF-8. */
export const MAX_SESSION_BYTES = 65_536;
export const MAX_ACTIONS = 2_000;
export const MAX_FEATURES = 50;

const MAX_COORDINATE = 1_000_000;
/** Year 2096 as milliseconds since 1970: also relative times fit, and no card number does. */
const MAX_TIME = 4_000_000_000_000;

/** The members of an action that are numbers, with their largest magnitude; all are kept. */
export const ACTION_NUMBERS: Readonly<Partial<Record<string, number>>> = {
  t: MAX_TIME,
  x: MAX_COORDINATE,
  y: MAX_COORDINATE,
  dx: MAX_COORDINATE,
  dy: MAX_COORDINATE,
  duration: MAX_COORDINATE,
  button: 32,
  pressure: 1,
  touches: 32,
};

/** Members that are text, with their longest length. Of these `value` is never kept: it was typed. */
export const ACTION_TEXTS: Readonly<Partial<Record<string, number>>> = {
  target: 128,
  key: 32,
  value: 2_048,
};

/** `mousemove`, `keydown`, `custom.hover` … */
export const ACTION_TYPE = /^[A-Za-z][A-Za-z0-9_.:-]{0,31}$/;

export type Primitive = string | number | boolean | null;

/** One thing that the buyer did in the page. */
export interface SessionAction {
  readonly type: string;
  readonly [member: string]: Primitive | undefined;
}

/** What a buyer's page reports of the session that leads to a purchase. */
export interface Session {
  readonly actions?: readonly SessionAction[];
  readonly browserFeatures?: Readonly<Record<string, Primitive>>;
}

export function isPrimitive(value: unknown): value is Primitive {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}
