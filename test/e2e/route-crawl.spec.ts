import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Role, ROLES } from '../../src/kernel/auth/principal.js';
import { newId } from '../../src/kernel/ids.js';
import { type RunningApp, startApp } from '../support/app.js';
import { flawsOfError, isDocumented } from '../support/error-envelope.js';
import { forgedAuthorizations } from '../support/forged-tokens.js';
import { ApiDocument, type Route } from '../support/openapi.js';
import {
  type Access,
  LISTS,
  type Right,
  ROUTE_ROLES,
  routesAsMarkdown,
} from '../support/route-roles.js';
import { Rows } from '../support/row-digest.js';
import { type Sample, SampleRequests } from '../support/sample-requests.js';
import { anonymous, asService, asUser, type Signer } from '../support/signers.js';

jest.setTimeout(180_000);

let running: RunningApp;
let document: ApiDocument;
let samples: SampleRequests;
let rows: Rows;

beforeAll(async () => {
  // No workers and no webhooks: then every row that appears comes from a request of this test.
  running = await startApp({ ROLE: 'api' });
  running.world.stripe.clearWebhook();
  document = await ApiDocument.of(running.url);
  samples = await SampleRequests.prepare(running);
  rows = await Rows.of(running.world.description.databaseUrl);
});

afterAll(async () => {
  await rows.close();
  await running.close();
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

async function call(
  { method }: Pick<Route, 'method'>,
  sample: Sample,
  signer: Signer,
  more: Record<string, string> = {},
): Promise<Answer> {
  const body = sample.body && Buffer.from(JSON.stringify(sample.body));
  const response = await fetch(`${running.url}${sample.path}`, {
    method,
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...signer({ method, path: sample.path, body }),
      ...more,
    },
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** Sends a request that must be refused with `expected`, and leave no trace; tells what was wrong. */
async function refusal(
  route: Route,
  expected: number | readonly number[],
  send: () => Promise<Answer>,
  at: string,
): Promise<string[]> {
  const before = await rows.digest();
  const answer = await send();
  const changed = (await rows.digest()).filter((line, i) => line !== before[i]);
  return [
    ...([expected].flat().includes(answer.status) ? [] : [`${answer.status}, not ${expected}`]),
    ...(changed.length > 0 ? [`changed ${changed.join()}`] : []),
    ...flawsOfError(answer, at),
    ...(isDocumented(document, route, answer) ? [] : ['not documented']),
  ].map((flaw) => `${route.key}: ${flaw}`);
}

const accessOf = ({ key }: Route): Access => {
  const access = ROUTE_ROLES[key];
  if (access === undefined) throw new Error(`${key} is not in the table`);
  return access;
};

const closed = () => document.routes.filter((route) => accessOf(route) !== 'everyone');
const ofUsers = () =>
  document.routes.flatMap((route) => {
    const access = accessOf(route);
    return typeof access === 'string' ? [] : [{ route, access }];
  });

const isOfVenue = (role: Role) => role === 'venue_owner' || role === 'venue_manager';

/** A user of the role to whom nothing of the samples belongs. */
function someoneElse(role: Role): Promise<string> {
  const { identities, cast } = running.world;
  const venues = isOfVenue(role) ? [cast.venues.newYork] : [];
  return identities.mintToken({ sub: newId(), tenantId: cast.tenantId, roles: [role], venues });
}

/** A user of the role to whom the samples belong: their buyer, or the venue's staff. */
async function owner(role: Role): Promise<{ userId: string; token: string }> {
  const { identities, cast } = running.world;
  const userId = isOfVenue(role) ? newId() : cast.users.buyer;
  const venues = isOfVenue(role) ? [cast.venues.nashville] : [];
  const token = await identities.mintToken({
    sub: userId,
    tenantId: cast.tenantId,
    roles: [role],
    venues,
  });
  return { userId, token };
}

/** Another tenant's user who claims the very ids that the samples are about. */
function impostor(role: Role): Promise<string> {
  const { identities, cast } = running.world;
  return identities.mintToken({
    sub: cast.users.buyer,
    tenantId: cast.otherTenantId,
    roles: [role],
    venues: [cast.venues.nashville],
  });
}

describe('the table of routes and roles', () => {
  it('lists every documented route, and none that is not', () => {
    const documented = document.routes.map(({ key }) => key).sort();
    expect(Object.keys(ROUTE_ROLES).sort()).toEqual(documented);
    expect([...samples.keys].sort()).toEqual(documented);
  });

  it('agrees with the documented security schemes', () => {
    for (const route of document.routes) {
      const access = accessOf(route);
      const scheme = access === 'everyone' ? [] : access === 'services' ? ['internal'] : ['bearer'];
      expect([route.key, document.schemesOf(route)]).toEqual([route.key, scheme]);
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
    expect(closed().length).toBeGreaterThan(18);
    for (const route of closed()) {
      const sample = await samples.of(route.key);
      const send = () => call(route, sample, anonymous);
      expect(await refusal(route, 401, send, sample.path)).toEqual([]);
      expect((await send()).headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('is refused with every kind of forged token', async () => {
    const forged = Object.entries(await forgedAuthorizations(running.world));
    const complaints: string[] = [];
    for (const route of closed()) {
      const sample = await samples.of(route.key);
      for (const [flaw, authorization] of forged) {
        const send = () => call(route, sample, asUser(''), { authorization });
        const found = await refusal(route, 401, send, sample.path);
        complaints.push(...found.map((line) => `${flaw}: ${line}`));
      }
    }
    expect(complaints).toEqual([]);
  });

  it('may call what is for everyone', async () => {
    for (const route of document.routes.filter((r) => accessOf(r) === 'everyone')) {
      const sample = await samples.of(route.key);
      const answer = await call(route, sample, sample.signer ?? anonymous);
      expect([route.key, answer.status]).toEqual([route.key, 200]);
    }
  });
});

describe.each(ROLES)('a %s', (role) => {
  it('does what the table says with what is its own', async () => {
    const { userId, token } = await owner(role);
    const complaints: string[] = [];
    for (const { route, access } of ofUsers()) {
      const sample = await samples.of(route.key, userId);
      const send = () => call(route, sample, asUser(token));
      if (access[role] === 'no') complaints.push(...(await refusal(route, 403, send, sample.path)));
      else {
        const answer = await send();
        if (answer.status > 201) complaints.push(`${route.key}: ${answer.status} ${answer.text}`);
        if (!isDocumented(document, route, answer)) complaints.push(`${route.key}: undocumented`);
      }
    }
    expect(complaints).toEqual([]);
  });

  it("does what the table says with what is somebody else's", async () => {
    const complaints: string[] = [];
    for (const { route, access } of ofUsers()) {
      const token = await someoneElse(role);
      const sample = withoutQuote(await samples.of(route.key));
      const send = () => call(route, sample, asUser(token));
      complaints.push(...(await judge(route, access[role], send, sample.path)));
    }
    expect(complaints).toEqual([]);
  });

  it('of another tenant reaches nothing, whatever ids it claims', async () => {
    const token = await impostor(role);
    const complaints: string[] = [];
    for (const { route, access } of ofUsers()) {
      const sample = withoutQuote(await samples.of(route.key));
      const send = () => call(route, sample, asUser(token));
      if (isWithoutObject(route)) {
        const answer = await send();
        const expected = access[role] === 'no' ? 403 : route.method === 'POST' ? 201 : 200;
        if (answer.status !== expected) complaints.push(`${route.key}: ${answer.status}`);
        complaints.push(...foreign(route, answer));
      } else {
        const expected = access[role] === 'no' ? 403 : 404;
        complaints.push(...(await refusal(route, expected, send, sample.path)));
      }
    }
    expect(complaints).toEqual([]);
  });

  it('is no service', async () => {
    const token = await impostor(role);
    for (const route of document.routes.filter((r) => accessOf(r) === 'services')) {
      const sample = await samples.of(route.key);
      const send = () => call(route, sample, asUser(token));
      expect(await refusal(route, 401, send, sample.path)).toEqual([]);
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
  return LISTS.includes(key) || key.includes('/admin/') || key === 'GET /metrics';
}

async function judge(
  route: Route,
  right: Right,
  send: () => Promise<Answer>,
  at: string,
): Promise<string[]> {
  if (right === 'no') return refusal(route, 403, send, at);
  if (right === 'own' && !LISTS.includes(route.key)) return refusal(route, 404, send, at);
  const answer = await send();
  if (answer.status > 201) return [`${route.key}: ${answer.status} ${answer.text}`];
  return right === 'own' ? foreign(route, answer) : [];
}

/** What of the samples' owner shows up in an answer to somebody else. */
function foreign({ key }: Route, { text }: Answer): string[] {
  if (key === 'GET /metrics') return [];
  const { cast } = running.world;
  const ids = [samples.paymentId, cast.venues.nashville, cast.events.generalAdmission];
  const seen = ids.filter((id) => text.includes(id));
  const { totalPayments } = JSON.parse(text) as { totalPayments?: number };
  if (totalPayments !== undefined && totalPayments > 0) seen.push(`${totalPayments} payments`);
  return seen.map((id) => `${key} shows ${id}`);
}

describe('a service', () => {
  const internal = () => document.routes.filter((r) => accessOf(r) === 'services');
  const refused = async (change: (headers: Record<string, string>) => Record<string, string>) => {
    const sign = asService(running.world.description);
    for (const route of internal()) {
      const sample = await samples.of(route.key);
      const signer: Signer = (request) => change(sign(request));
      const send = () => call(route, sample, signer);
      expect(await refusal(route, 401, send, sample.path)).toEqual([]);
    }
  };

  it('is no user', async () => {
    for (const { route } of ofUsers()) {
      const sample = await samples.of(route.key);
      const send = () => call(route, sample, asService(running.world.description));
      expect(await refusal(route, 401, send, sample.path)).toEqual([]);
    }
  });

  it('may call what is for services, with each signature once', async () => {
    const sign = asService(running.world.description);
    for (const route of internal()) {
      const sample = await samples.of(route.key);
      const body = Buffer.from(JSON.stringify(sample.body));
      const headers = sign({ method: route.method, path: sample.path, body });
      expect((await call(route, sample, () => headers)).status).toBe(200);
      const again = () => call(route, sample, () => headers);
      expect(await refusal(route, 401, again, sample.path)).toEqual([]);
    }
  });

  it.each(['service', 'timestamp', 'nonce', 'tenant', 'signature'])(
    'is refused without its %s',
    (name) => refused(({ [`x-internal-${name}`]: _, ...rest }) => rest),
  );

  it('is refused under the name of another', () =>
    refused((headers) => ({ ...headers, 'x-internal-service': 'ticket-service' })));

  it('is refused for a tenant it did not sign for', () =>
    refused((headers) => ({
      ...headers,
      'x-internal-tenant': running.world.cast.otherTenantId,
    })));

  it('is refused with a query or a body it did not sign', async () => {
    const sign = asService(running.world.description);
    for (const route of internal()) {
      const sample = await samples.of(route.key);
      const body = Buffer.from(JSON.stringify(sample.body));
      const headers = () => sign({ method: route.method, path: sample.path, body });
      const queried = { ...sample, path: `${sample.path}?a=1` };
      const changed = { ...sample, body: { ...sample.body, amount: 1 } };
      for (const sent of [queried, changed]) {
        const send = () => call(route, sent, headers);
        expect(await refusal(route, 401, send, sent.path)).toEqual([]);
      }
    }
  });

  it('acting for another tenant finds nothing of this one', async () => {
    const route = internal().find(({ key }) => key.includes('payment-complete'));
    if (!route) throw new Error('the route is gone');
    const sample = await samples.of(route.key);
    const { description, cast } = running.world;
    const signer = asService({ ...description, tenantId: cast.otherTenantId });
    const send = () => call(route, sample, signer);
    expect(await refusal(route, 404, send, sample.path)).toEqual([]);
  });
});

describe('no detour leads to a closed route', () => {
  const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];

  it('by another method', async () => {
    const token = await running.world.identities.tokenOf('admin');
    const complaints: string[] = [];
    for (const { route } of ofUsers()) {
      const { path: at } = await samples.of(route.key);
      const before = await rows.digest();
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (document.routes.some((r) => r.method === method && r.path === route.path)) continue;
        for (const header of OVERRIDES) {
          const asked = { [header]: route.method };
          const { status } = await call({ method }, { path: at }, asUser(token), asked);
          // 400: another route takes the last segment for an id.
          if (![400, 404, 405].includes(status)) complaints.push(`${method} ${at}: ${status}`);
        }
      }
      if ((await rows.digest()).join() !== before.join()) complaints.push(`${at} changed rows`);
    }
    expect(complaints).toEqual([]);
  });

  it('by HEAD without a token', async () => {
    for (const route of closed().filter(({ method }) => method === 'GET')) {
      const sample = await samples.of(route.key);
      const answer = await call({ method: 'HEAD' }, sample, anonymous);
      expect([route.key, answer.status]).toEqual([route.key, 401]);
    }
  });

  it.each<[string, (at: string) => string]>([
    ['two slashes', (at) => `/${at}`],
    ['two slashes inside', (at) => at.replace(/\/(?=[^/]+$)/, '//')],
    ['a slash at the end', (at) => `${at}/`],
    ['upper case', (at) => at.toUpperCase()],
    ['a capital', (at) => at.replace(/^\/(.)/, (_, first: string) => `/${first.toUpperCase()}`)],
    ['an encoded slash', (at) => `${at}%2f`],
    ['a matrix parameter', (at) => `${at};x=1`],
    ['an extension', (at) => `${at}.json`],
    ['a trailing dot', (at) => `${at}.`],
    ['a trailing space', (at) => `${at}%20`],
  ])('by %s', async (_, twist) => {
    const token = await running.world.identities.tokenOf('admin');
    const complaints: string[] = [];
    for (const { route } of ofUsers()) {
      const sample = await samples.of(route.key);
      const at = twist(sample.path);
      const before = await rows.digest();
      const answer = await call(route, { ...sample, path: at }, asUser(token));
      const isId = /\{\w+\}$/.test(route.path);
      // Behind a parameter the twisted path is a malformed id, not another path.
      const expected = isId ? [400, 404, 422] : [404, 405];
      if (!expected.includes(answer.status)) complaints.push(`${at}: ${answer.status}`);
      if ((await rows.digest()).join() !== before.join()) complaints.push(`${at} changed rows`);
    }
    expect(complaints).toEqual([]);
  });
});
