import { Crawler } from '../support/crawler.js';
import { anonymous, asService, asUser, type Signer } from '../support/signers.js';

jest.setTimeout(180_000);

let crawl: Crawler;

beforeAll(async () => {
  crawl = await Crawler.start();
});

afterAll(() => crawl.close());

describe('a service', () => {
  const refused = async (change: (headers: Record<string, string>) => Record<string, string>) => {
    const sign = asService(crawl.world.description);
    for (const route of crawl.ofServices()) {
      const sample = await crawl.samples.of(route.key);
      const signer: Signer = (request) => change(sign(request));
      const send = () => crawl.call(route, sample, signer);
      expect(await crawl.refusal(route, 401, send, sample.path)).toEqual([]);
    }
  };

  it('is no user', async () => {
    for (const { route } of crawl.ofUsers()) {
      const sample = await crawl.samples.of(route.key);
      const send = () => crawl.call(route, sample, asService(crawl.world.description));
      expect(await crawl.refusal(route, 401, send, sample.path)).toEqual([]);
    }
  });

  it('may call what is for services, with each signature once', async () => {
    const sign = asService(crawl.world.description);
    for (const route of crawl.ofServices()) {
      const sample = await crawl.samples.of(route.key);
      const body = Buffer.from(JSON.stringify(sample.body));
      const headers = sign({ method: route.method, path: sample.path, body });
      expect((await crawl.call(route, sample, () => headers)).status).toBe(200);
      const again = () => crawl.call(route, sample, () => headers);
      expect(await crawl.refusal(route, 401, again, sample.path)).toEqual([]);
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
      'x-internal-tenant': crawl.world.cast.otherTenantId,
    })));

  it('is refused with a query or a body it did not sign', async () => {
    const sign = asService(crawl.world.description);
    for (const route of crawl.ofServices()) {
      const sample = await crawl.samples.of(route.key);
      const body = Buffer.from(JSON.stringify(sample.body));
      const headers = () => sign({ method: route.method, path: sample.path, body });
      const queried = { ...sample, path: `${sample.path}?a=1` };
      const changed = { ...sample, body: { ...sample.body, amount: 1 } };
      for (const sent of [queried, changed]) {
        const send = () => crawl.call(route, sent, headers);
        expect(await crawl.refusal(route, 401, send, sent.path)).toEqual([]);
      }
    }
  });

  it('acting for another tenant finds nothing of this one', async () => {
    const route = crawl.ofServices().find(({ key }) => key.includes('payment-complete'));
    if (!route) throw new Error('the route is gone');
    const sample = await crawl.samples.of(route.key);
    const { description, cast } = crawl.world;
    const signer = asService({ ...description, tenantId: cast.otherTenantId });
    const send = () => crawl.call(route, sample, signer);
    expect(await crawl.refusal(route, 404, send, sample.path)).toEqual([]);
  });
});

describe('no detour leads to a closed route', () => {
  const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];

  it('by another method', async () => {
    const token = await crawl.world.identities.tokenOf('admin');
    const complaints: string[] = [];
    for (const { route } of crawl.ofUsers()) {
      const { path: at } = await crawl.samples.of(route.key);
      const before = await crawl.rows.digest();
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (crawl.document.routes.some((r) => r.method === method && r.path === route.path))
          continue;
        for (const header of OVERRIDES) {
          const asked = { [header]: route.method };
          const { status } = await crawl.call({ method }, { path: at }, asUser(token), asked);
          // 400: another route takes the last segment for an id.
          if (![400, 404, 405].includes(status)) complaints.push(`${method} ${at}: ${status}`);
        }
      }
      if ((await crawl.rows.digest()).join() !== before.join())
        complaints.push(`${at} changed rows`);
    }
    expect(complaints).toEqual([]);
  });

  it('by HEAD without a token', async () => {
    for (const route of crawl.closed().filter(({ method }) => method === 'GET')) {
      const sample = await crawl.samples.of(route.key);
      const answer = await crawl.call({ method: 'HEAD' }, sample, anonymous);
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
    const token = await crawl.world.identities.tokenOf('admin');
    const complaints: string[] = [];
    for (const { route } of crawl.ofUsers()) {
      const sample = await crawl.samples.of(route.key);
      const at = twist(sample.path);
      const before = await crawl.rows.digest();
      const answer = await crawl.call(route, { ...sample, path: at }, asUser(token));
      const isId = /\{\w+\}$/.test(route.path);
      // Behind a parameter the twisted path is a malformed id, not another path.
      const expected = isId ? [400, 404, 422] : [404, 405];
      if (!expected.includes(answer.status)) complaints.push(`${at}: ${answer.status}`);
      if ((await crawl.rows.digest()).join() !== before.join())
        complaints.push(`${at} changed rows`);
    }
    expect(complaints).toEqual([]);
  });
});
