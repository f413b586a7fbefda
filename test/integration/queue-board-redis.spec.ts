import { appRoutes } from '@bull-board/api/dist/routes.js';
import { type RunningApp, startApp } from '../support/app.js';
import { type Client, Client as Caller } from '../support/client.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { eventually, Shop } from '../support/shop.js';
import { Rows, someRow } from './bull-world.js';

const BOARD = '/admin/queues';
const HTML = { accept: 'text/html' };

/** Every route of the board, with something in the place of its parameters. */
const ROUTES = [appRoutes.entryPoint, ...appRoutes.api].flatMap(({ method, route }) =>
  [method].flat().flatMap((name) =>
    [route].flat().map((path) => ({
      method: name.toUpperCase(),
      path: `${BOARD}${path.replace(/:queueName/, 'notifications').replace(/:\w+/g, 'x')}`,
    })),
  ),
);

describeWithRedis('the board of the queues', () => {
  let redis: TestRedis;
  let running: RunningApp;
  let admin: Client;
  let page: string;
  let files: string[];
  const row = someRow();

  beforeAll(async () => {
    redis = await startRedis();
    running = await startApp({ REDIS_URL: redis.url, ROLE: 'api' });
    admin = await new Shop(running.world).as(running.url, 'admin');
    const rows = new Rows(running.app);
    await eventually(() => rows.give(row), 'Redis');
    page = (await admin.get(BOARD, HTML)).text;
    files = [...page.matchAll(/\b(?:src|href)="(static\/[^"]+)"/g)].map(([, at]) => at ?? '');
  });

  afterAll(async () => {
    await running.close();
    await redis.close();
  });

  const paths = () => [
    ...ROUTES,
    ...files.map((at) => ({ method: 'GET', path: `${BOARD}/${at}` })),
  ];
  const send = (client: Client, { method, path }: { method: string; path: string }) =>
    client.send(method, path, undefined, {});

  it('has routes and files to be crawled', () => {
    expect(ROUTES.length).toBeGreaterThan(30);
    expect(files.length).toBeGreaterThan(4);
  });

  it('answers 401 to everybody without a token, wherever they knock', async () => {
    for (const at of [...paths(), { method: 'GET', path: `${BOARD}/no-such-thing` }]) {
      const { status, body } = await send(new Caller(running.url), at);
      expect([at, status, body.code]).toEqual([at, 401, 'AUTH_REQUIRED']);
    }
  });

  it.each(['buyer', 'venueOwner'] as const)('answers 403 to a %s', async (name) => {
    const user = await new Shop(running.world).as(running.url, name);
    for (const at of paths()) expect([at, (await send(user, at)).status]).toEqual([at, 403]);
  });

  it('answers 403 to a tenant’s administrator: the queues are of all tenants', async () => {
    const { cast, mintToken } = running.world;
    const claims = { sub: cast.users.admin, tenantId: cast.tenantId, roles: ['admin'] as const };
    const tenants = new Caller(running.url, await mintToken(claims));
    for (const at of paths()) expect([at, (await send(tenants, at)).status]).toEqual([at, 403]);
  });

  it('shows itself to an operator: the page and every file that it names', async () => {
    expect(page).toContain(`<base href="${BOARD}/"`);
    for (const at of files) {
      const { status, text } = await admin.get(`${BOARD}/${at}`);
      expect([at, status, text.length > 100]).toEqual([at, 200, true]);
    }
  });

  it('comes under the policy of the documentation, names no other host and has no inline script', async () => {
    const policyOf = async (path: string) =>
      (await admin.get(path, HTML)).headers.get('content-security-policy') ?? '';
    const strict = (await policyOf('/docs')).replace("base-uri 'none'", "base-uri 'self'");
    expect(await policyOf(BOARD)).toBe(strict);
    expect(strict).toContain("default-src 'none'");
    expect(page).not.toMatch(/(?:src|href|action)\s*=\s*["']?(?:https?:)?\/\//i);
    for (const [, attributes = '', code = ''] of page.matchAll(
      /<script\b([^>]*)>([\s\S]*?)<\/script>/g,
    )) {
      if (!attributes.includes('application/json')) expect(code.trim()).toBe('');
    }
  });

  it('knows the queues and their entries, but no tenant', async () => {
    const { status, text, body } = await admin.get(
      `${BOARD}/api/queues?activeQueue=notifications&status=waiting&page=1&jobsPerPage=10`,
    );
    expect(status).toBe(200);
    const queues = body.queues as { name: string; readOnlyMode: boolean; jobs: unknown[] }[];
    const shown = queues.find(({ name }) => name === 'notifications');
    expect(queues).toHaveLength(5);
    expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
    expect(shown?.jobs).toMatchObject([{ data: { source: 'rows of the test', id: row.id } }]);
    expect(text).not.toContain(row.tenantId);
  });

  it('cannot be written to, not even by an operator', async () => {
    const writing = ROUTES.filter(({ method }) => method !== 'GET');
    expect(writing.length).toBeGreaterThan(15);
    for (const at of writing) {
      const { status, body } = await send(admin, at);
      expect([at, status, body.code]).toEqual([at, 405, 'METHOD_NOT_ALLOWED']);
    }
  });

  it('tells the numbers of Postgres as JSON, as it does without Redis', async () => {
    const { body } = await admin.get(BOARD);
    expect(body.redis).toBe('up');
    expect((body.queues as object[])[0]).toMatchObject({ name: 'payment-processing', waiting: 0 });
  });

  it('answers errors in the envelope of all others', async () => {
    const { status, body } = await admin.get(`${BOARD}/api/queues/unheard-of/metrics`);
    expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('Redis frozen, then gone: the plain page instead, and nothing hangs', async () => {
    redis.freeze();
    const stuck = await admin.get(`${BOARD}/api/queues`);
    redis.thaw();
    expect([stuck.status, stuck.body.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    await redis.stop();
    const plain = () => admin.get(BOARD, HTML);
    await eventually(async () => (await plain()).text.includes('Redis is away'), 'the plain page');
    expect((await plain()).text).not.toContain('<script');
    expect((await admin.get(`${BOARD}/api/queues`)).status).toBe(503);
    expect((await admin.get(BOARD)).body.redis).toBe('away');
    await redis.start();
    await eventually(async () => (await plain()).text.includes('<base href'), 'the board');
  });
});
