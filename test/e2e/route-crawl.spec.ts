import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROLES } from '../../src/kernel/auth/principal.js';
import { impostor, owner, someoneElse } from '../support/claimants.js';
import { accessOf, Crawler } from '../support/crawler.js';
import { isDocumented } from '../support/error-envelope.js';
import { forgedAuthorizations } from '../support/forged-tokens.js';
import type { Route } from '../support/openapi.js';
import { LISTS, type Right, ROUTE_ROLES, routesAsMarkdown } from '../support/route-roles.js';
import type { Sample } from '../support/sample-requests.js';
import { anonymous, asUser } from '../support/signers.js';
import type { Answer } from '../support/targets.js';

jest.setTimeout(600_000);

let crawl: Crawler;

beforeAll(async () => {
  crawl = await Crawler.start();
});

afterAll(() => crawl.close());

describe('the table of routes and roles', () => {
  it('lists every documented route, and none that is not', () => {
    const documented = crawl.document.routes.map(({ key }) => key).sort();
    expect(Object.keys(ROUTE_ROLES).sort()).toEqual(documented);
    expect([...crawl.samples.keys].sort()).toEqual(documented);
  });

  it('agrees with the documented security schemes', () => {
    for (const route of crawl.document.routes) {
      const access = accessOf(route);
      const scheme = access === 'everyone' ? [] : access === 'services' ? ['internal'] : ['bearer'];
      expect([route.key, crawl.document.schemesOf(route)]).toEqual([route.key, scheme]);
    }
  });

  it('stands in the README as it is', () => {
    const file = path.join(__dirname, '../../README.md');
    expect(existsSync(file)).toBe(true);
    const printed = /<!-- routes -->\n([\s\S]*?)\n<!-- \/routes -->/.exec(
      readFileSync(file, 'utf8'),
    );
    expect(printed?.[1]?.trim()).toBe(routesAsMarkdown());
  });
});

describe('a caller nobody knows', () => {
  it('is refused by every route that is not for everyone', async () => {
    expect(crawl.closed().length).toBeGreaterThan(18);
    for (const route of crawl.closed()) {
      const sample = await crawl.samples.of(route.key);
      const send = () => crawl.call(route, sample, anonymous);
      expect(await crawl.refusal(route, 401, send, sample.path)).toEqual([]);
      expect((await send()).headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('is refused with every kind of forged token', async () => {
    const forged = Object.entries(await forgedAuthorizations(crawl.world));
    const complaints: string[] = [];
    for (const route of crawl.closed()) {
      const sample = await crawl.samples.of(route.key);
      for (const [flaw, authorization] of forged) {
        const send = () => crawl.call(route, sample, asUser(''), { authorization });
        const found = await crawl.refusal(route, 401, send, sample.path);
        complaints.push(...found.map((line) => `${flaw}: ${line}`));
      }
    }
    expect(complaints).toEqual([]);
  });

  it('may call what is for everyone', async () => {
    for (const route of crawl.open()) {
      const sample = await crawl.samples.of(route.key);
      const answer = await crawl.call(route, sample, sample.signer ?? anonymous);
      expect([route.key, answer.status]).toEqual([route.key, 200]);
    }
  });
});

describe.each(ROLES)('a %s', (role) => {
  it('does what the table says with what is its own', async () => {
    const { userId, token } = await owner(crawl.world, role);
    const complaints: string[] = [];
    for (const { route, access } of crawl.ofUsers()) {
      const sample = await crawl.samples.of(route.key, userId);
      const send = () => crawl.call(route, sample, asUser(token));
      if (access[role] === 'no')
        complaints.push(...(await crawl.refusal(route, 403, send, sample.path)));
      else {
        const answer = await send();
        if (answer.status > 202) complaints.push(`${route.key}: ${answer.status} ${answer.text}`);
        if (!isDocumented(crawl.document, route, answer))
          complaints.push(`${route.key}: undocumented`);
      }
    }
    expect(complaints).toEqual([]);
  });

  it("does what the table says with what is somebody else's", async () => {
    const complaints: string[] = [];
    for (const { route, access } of crawl.ofUsers()) {
      const token = await someoneElse(crawl.world, role);
      const sample = withoutQuote(await crawl.samples.of(route.key));
      const send = () => crawl.call(route, sample, asUser(token));
      complaints.push(...(await judge(route, access[role], send, sample.path)));
    }
    expect(complaints).toEqual([]);
  });

  it('of another tenant reaches nothing, whatever ids it claims', async () => {
    const token = await impostor(crawl.world, role);
    const complaints: string[] = [];
    for (const { route, access } of crawl.ofUsers()) {
      const sample = withoutQuote(await crawl.samples.of(route.key));
      const send = () => crawl.call(route, sample, asUser(token));
      if (isWithoutObject(route)) {
        const answer = await send();
        const successes = Object.keys(route.operation.responses).filter((key) => key < '3');
        const expected = access[role] === 'no' ? ['403'] : successes;
        if (!expected.includes(String(answer.status))) {
          complaints.push(`${route.key}: ${answer.status}`);
        }
        complaints.push(...foreign(route, answer));
      } else {
        const expected = access[role] === 'no' ? 403 : 404;
        complaints.push(...(await crawl.refusal(route, expected, send, sample.path)));
      }
    }
    expect(complaints).toEqual([]);
  });

  it('is no service', async () => {
    const token = await impostor(crawl.world, role);
    for (const route of crawl.ofServices()) {
      const sample = await crawl.samples.of(route.key);
      const send = () => crawl.call(route, sample, asUser(token));
      expect(await crawl.refusal(route, 401, send, sample.path)).toEqual([]);
    }
  });
});

/** A quote is bound to who asked for it. */
function withoutQuote(sample: Sample): Sample {
  return sample.body && 'quote' in sample.body
    ? { ...sample, body: { ...sample.body, quote: undefined } }
    : sample;
}

/** Routes about the caller's tenant as a whole: they answer, but with nothing of another's. */
function isWithoutObject({ key }: Route): boolean {
  const isOfTenant = key.includes('/admin/') && !key.includes('{');
  return LISTS.includes(key) || isOfTenant || key === 'GET /metrics';
}

async function judge(
  route: Route,
  right: Right,
  send: () => Promise<Answer>,
  at: string,
): Promise<string[]> {
  if (right === 'no') return crawl.refusal(route, 403, send, at);
  if (right === 'own' && !LISTS.includes(route.key)) return crawl.refusal(route, 404, send, at);
  const answer = await send();
  if (answer.status > 202) return [`${route.key}: ${answer.status} ${answer.text}`];
  return right === 'own' ? foreign(route, answer) : [];
}

/** What of the samples' owner shows up in an answer to somebody else. */
function foreign({ key }: Route, { text }: Answer): string[] {
  if (key === 'GET /metrics') return [];
  const { cast } = crawl.world;
  const ids = [crawl.samples.paymentId, cast.venues.nashville, cast.events.generalAdmission];
  const seen = ids.filter((id) => text.includes(id));
  const { totalPayments } = JSON.parse(text) as { totalPayments?: number };
  if (totalPayments !== undefined && totalPayments > 0) seen.push(`${totalPayments} payments`);
  return seen.map((id) => `${key} shows ${id}`);
}
