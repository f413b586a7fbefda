import type { Primitive } from '../session.js';
import type { Client } from './session-features.js';

type Browser = Readonly<Record<string, Primitive>>;

const HEADLESS = /headless|phantomjs|slimerjs/i;
const AUTOMATION = /selenium|webdriver|puppeteer|playwright|cypress|nightmare/i;
const SCRIPT =
  /^(?:curl|wget|python|go-http-client|java\/|ruby|perl|php|node|undici|axios|got|aiohttp|scrapy|libwww)/i;

/** The system that a name stands for; Android calls itself Linux in places. */
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/windows|win32|win64/i, 'windows'],
  [/iphone|ipad|\bios\b/i, 'ios'],
  [/mac/i, 'mac'],
  [/android/i, 'linux'],
  [/linux|x11|cros|chrome os|chromium os/i, 'linux'],
];

/** Does the browser run without a screen, by its own account? */
export function isHeadless(browser: Browser, client: Client): boolean {
  if (browser.headless === true) return true;
  const said = [client.userAgent, browser.userAgent, client.clientHints?.['sec-ch-ua']];
  if (said.some((text) => typeof text === 'string' && HEADLESS.test(text))) return true;
  return browser.outerWidth === 0 && browser.outerHeight === 0;
}

/** Is the browser driven by a program, by its own account? */
export function isAutomated(browser: Browser, client: Client): boolean {
  if (browser.webdriver === true || browser.automation === true) return true;
  return [client.userAgent, browser.userAgent].some(
    (text) => typeof text === 'string' && AUTOMATION.test(text),
  );
}

/** Was the request sent by a library rather than by a browser or an app, by its own account? */
export function isScript(client: Client): boolean {
  return SCRIPT.test(client.userAgent ?? '');
}

/**
 * How many of the client's accounts of itself contradict each other: the header and the page's user
 * agent, the system in hints, agent and page, Chrome's version, its mobile mark. Null when there is
 * only one account.
 */
export function contradictions(
  browser: Browser,
  { userAgent, clientHints }: Client,
): number | null {
  const inPage = typeof browser.userAgent === 'string' ? browser.userAgent : undefined;
  const agent = userAgent ?? inPage;
  if (agent === undefined) return null;
  const hints = clientHints ?? {};
  const system = systemOf(agent);
  const checks = [
    differ(userAgent, inPage),
    differ(system, systemOf(hints['sec-ch-ua-platform'])),
    differ(system === 'ios' ? 'mac' : system, systemInPage(browser)),
    differ(versionOf(agent, /Chrome\/(\d+)/), versionOf(hints['sec-ch-ua'], CHROMIUM)),
    hints['sec-ch-ua-mobile'] === undefined
      ? null
      : (hints['sec-ch-ua-mobile'] === '?1') !== agent.includes('Mobile'),
    hints['sec-ch-ua'] === undefined ? null : !/Chrom|Edg|OPR/.test(agent),
  ].filter((check) => check !== null);
  return checks.length === 0 ? null : checks.filter(Boolean).length;
}

const CHROMIUM = /"(?:Chromium|Google Chrome)";v="(\d+)/;

/** Safari on iPhones and iPads calls its platform by the device or, as on a desk, a Mac. */
function systemInPage({ platform }: Browser): string | undefined {
  const system = typeof platform === 'string' ? systemOf(platform) : undefined;
  return system === 'ios' ? 'mac' : system;
}

function systemOf(text: string | undefined): string | undefined {
  return SYSTEMS.find(([pattern]) => pattern.test(text ?? ''))?.[1];
}

function versionOf(text: string | undefined, pattern: RegExp): string | undefined {
  return pattern.exec(text ?? '')?.[1];
}

/** Null when one of them is not known. */
function differ(one: string | undefined, other: string | undefined): boolean | null {
  return one === undefined || other === undefined ? null : one !== other;
}
