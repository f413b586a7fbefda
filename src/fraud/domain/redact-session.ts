import { isSensitive } from './sensitive-text.js';
import {
  ACTION_NUMBERS,
  ACTION_TYPE,
  MAX_ACTIONS,
  MAX_FEATURES,
  type Primitive,
  type Session,
  type SessionAction,
} from './session.js';

const MAX_FEATURE_TEXT = 512;
const MAX_TARGET = 128;
const LONG_SECRET = /[A-Za-z0-9+/_-]{32,}/;

/** Keys that reveal nothing of what was typed: `Tab`, `Backspace`, `ArrowLeft`, `F5` … */
const NAMED_KEY = /^(?:[A-Z][a-z]{1,15}(?:[A-Z][a-z]{1,15})?|F\d{1,2})$/;

/** What is kept of a browser: enough to tell devices and robots apart, nothing a person typed. */
const FEATURES = new Set([
  ...['userAgent', 'platform', 'vendor', 'language', 'languages', 'timezone', 'timezoneOffset'],
  ...['screenWidth', 'screenHeight', 'screenResolution', 'availWidth', 'availHeight'],
  ...['innerWidth', 'innerHeight', 'outerWidth', 'outerHeight', 'colorDepth', 'pixelRatio'],
  ...['hardwareConcurrency', 'deviceMemory', 'maxTouchPoints', 'touchSupport', 'orientation'],
  ...['cookiesEnabled', 'cookieEnabled', 'localStorage', 'sessionStorage', 'indexedDB'],
  ...['doNotTrack', 'plugins', 'pluginsCount', 'mimeTypesCount', 'fontsHash', 'canvasHash'],
  ...['webglHash', 'webglVendor', 'webglRenderer', 'audioHash', 'webdriver', 'headless'],
  ...['automation', 'chrome', 'notifications', 'connectionType', 'battery', 'adBlock'],
]);

/**
 * The part of a session that may be stored. Typed text, e-mail addresses, card numbers,
 * credentials and members that are not known are dropped, whatever they are called; what remains
 * is safe in `jsonb`. Never throws: a signal that cannot be kept must not stop a purchase.
 */
export function redactSession(session: Session): Session {
  const actions = (session.actions ?? []).slice(0, MAX_ACTIONS);
  return {
    actions: actions.flatMap((action) => {
      const kept = redactAction(action);
      return kept ? [kept] : [];
    }),
    browserFeatures: redactFeatures(session.browserFeatures ?? {}),
  };
}

function redactAction(action: SessionAction): SessionAction | undefined {
  const { type, target, key } = action;
  if (!ACTION_TYPE.test(type) || isSensitive(type)) return undefined;
  const kept: Record<string, Primitive> = {};
  for (const [member, largest] of Object.entries(ACTION_NUMBERS)) {
    const value = action[member];
    if (typeof value === 'number' && Math.abs(value) <= (largest ?? 0)) kept[member] = value;
  }
  if (typeof target === 'string' && isPlace(target)) kept.target = target;
  if (typeof key === 'string' && NAMED_KEY.test(key)) kept.key = key;
  return { type, ...kept };
}

/** A selector or an element's id names a place; anything long and random in it may be a secret. */
function isPlace(target: string): boolean {
  return target.length <= MAX_TARGET && !LONG_SECRET.test(target) && !isSensitive(target);
}

function redactFeatures(features: Readonly<Record<string, Primitive>>): Record<string, Primitive> {
  const kept = Object.entries(features).filter(
    ([name, value]) => FEATURES.has(name) && isKeepable(value),
  );
  return Object.fromEntries(kept.slice(0, MAX_FEATURES));
}

function isKeepable(value: Primitive): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !isSensitive(String(value));
  if (typeof value !== 'string') return true;
  return value.length <= MAX_FEATURE_TEXT && !isSensitive(value);
}
