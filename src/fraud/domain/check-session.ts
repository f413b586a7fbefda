import {
  ACTION_NUMBERS,
  ACTION_TEXTS,
  ACTION_TYPE,
  isPrimitive,
  MAX_ACTIONS,
  MAX_FEATURES,
  MAX_SESSION_BYTES,
} from './session.js';

const MAX_MEMBERS = 16;
const MAX_NAME = 64;
const MAX_TEXT = 512;

/** What is wrong with a session as a whole, or undefined; its parts have checks of their own. */
export function problemOfSession(session: unknown): string | undefined {
  if (!isPlainObject(session)) return 'must be an object';
  const bytes = Buffer.byteLength(JSON.stringify(session));
  return bytes > MAX_SESSION_BYTES ? `must be at most ${MAX_SESSION_BYTES} bytes` : undefined;
}

/**
 * What is wrong with a list of actions, or undefined. One pass that stops at the first problem:
 * two thousand items must not cost two thousand validator runs. Members that are not known are
 * taken, if they are small, and not kept.
 */
export function problemOfActions(actions: unknown): string | undefined {
  if (!Array.isArray(actions)) return 'must be a list';
  if (actions.length > MAX_ACTIONS) return `must hold at most ${MAX_ACTIONS} items`;
  for (const [index, action] of actions.entries()) {
    const problem = problemOfAction(action);
    if (problem) return `item ${index} ${problem}`;
  }
  return undefined;
}

/** What is wrong with the features of a browser, or undefined. */
export function problemOfFeatures(features: unknown): string | undefined {
  if (!isPlainObject(features)) return 'must be an object';
  const entries = Object.entries(features);
  if (entries.length > MAX_FEATURES) return `must hold at most ${MAX_FEATURES} entries`;
  const isFine = ([name, value]: [string, unknown]) =>
    name.length <= MAX_NAME && isPrimitive(value) && textLength(value) <= MAX_TEXT;
  return entries.every(isFine)
    ? undefined
    : `must map names of at most ${MAX_NAME} characters to numbers, booleans, null or texts of at most ${MAX_TEXT}`;
}

function problemOfAction(action: unknown): string | undefined {
  if (!isPlainObject(action)) return 'must be an object';
  const { type } = action;
  if (typeof type !== 'string' || !ACTION_TYPE.test(type)) return 'must name its type';
  const entries = Object.entries(action);
  if (entries.length > MAX_MEMBERS) return `must hold at most ${MAX_MEMBERS} members`;
  return entries.every(([name, value]) => isMember(name, value))
    ? undefined
    : 'holds a member of the wrong type or size';
}

function isMember(name: string, value: unknown): boolean {
  if (name.length > MAX_NAME || !isPrimitive(value)) return false;
  const largest = ACTION_NUMBERS[name];
  if (largest !== undefined) return typeof value === 'number' && Math.abs(value) <= largest;
  const longest = ACTION_TEXTS[name];
  if (longest !== undefined) return typeof value === 'string' && value.length <= longest;
  return textLength(value) <= MAX_TEXT;
}

function textLength(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
