import { contradictions, isAutomated, isHeadless, isScript } from './client-marks.js';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const ANDROID =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';
const IPAD =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';

const hints = (platform: string, mobile = '?0', version = '141') => ({
  'sec-ch-ua': `"Google Chrome";v="${version}", "Not?A_Brand";v="8", "Chromium";v="${version}"`,
  'sec-ch-ua-mobile': mobile,
  'sec-ch-ua-platform': `"${platform}"`,
});

describe('accounts that agree', () => {
  it.each([
    ['Chrome on Windows', CHROME, 'Win32', hints('Windows')],
    ['Chrome on Android', ANDROID, 'Linux armv81', hints('Android', '?1')],
    ['Safari on a phone', IPHONE, 'iPhone', {}],
    ['Safari on a tablet', IPAD, 'MacIntel', {}],
    ['Firefox', FIREFOX, 'Linux x86_64', {}],
  ])('%s', (_name, userAgent, platform, clientHints) => {
    expect(contradictions({ userAgent, platform }, { userAgent, clientHints })).toBe(0);
  });
});

describe('accounts that contradict each other', () => {
  it.each([
    ['another agent in the page', { userAgent: FIREFOX }, { userAgent: IPHONE }, 1],
    ['another system in the hints', {}, { userAgent: CHROME, clientHints: hints('Linux') }, 1],
    ['another system in the page', { platform: 'Linux x86_64' }, { userAgent: CHROME }, 1],
    ['another version', {}, { userAgent: CHROME, clientHints: hints('Windows', '?0', '120') }, 1],
    ['a phone that is none', {}, { userAgent: CHROME, clientHints: hints('Windows', '?1') }, 1],
    ['hints that Firefox never sends', {}, { userAgent: FIREFOX, clientHints: hints('Linux') }, 1],
    ['two at once', {}, { userAgent: CHROME, clientHints: hints('Linux', '?1') }, 2],
  ])('%s', (_name, browser, client, count) => {
    expect(contradictions(browser, client)).toBe(count);
  });
});

it('one account cannot contradict itself', () => {
  expect(contradictions({}, {})).toBeNull();
  expect(contradictions({ platform: 'Win32' }, {})).toBeNull();
  expect(contradictions({}, { userAgent: CHROME })).toBeNull();
});

it('headless browsers say so', () => {
  const headless = CHROME.replace('Chrome/', 'HeadlessChrome/');
  expect(isHeadless({}, { userAgent: headless })).toBe(true);
  expect(isHeadless({ userAgent: headless }, {})).toBe(true);
  expect(isHeadless({ headless: true }, {})).toBe(true);
  expect(isHeadless({ outerWidth: 0, outerHeight: 0 }, {})).toBe(true);
  expect(isHeadless({}, { clientHints: { 'sec-ch-ua': '"HeadlessChrome";v="141"' } })).toBe(true);
  expect(isHeadless({ headless: false, outerWidth: 900 }, { userAgent: CHROME })).toBe(false);
});

it('driven browsers say so', () => {
  expect(isAutomated({ webdriver: true }, {})).toBe(true);
  expect(isAutomated({ automation: true }, {})).toBe(true);
  expect(isAutomated({}, { userAgent: 'x Selenium/4' })).toBe(true);
  expect(isAutomated({ webdriver: false, automation: null }, { userAgent: CHROME })).toBe(false);
});

it('libraries say so; browsers and the apps of phones are none', () => {
  expect(
    ['curl/8.9', 'python-requests/2.32', 'Go-http-client/2.0', 'node'].every((userAgent) =>
      isScript({ userAgent }),
    ),
  ).toBe(true);
  expect(
    [CHROME, 'okhttp/4.12', 'Tickets/3 CFNetwork/1494'].some((userAgent) =>
      isScript({ userAgent }),
    ),
  ).toBe(false);
  expect(isScript({})).toBe(false);
});
