import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import Stripe from 'stripe';
import { freePort } from '../../src/sandbox/ports.js';
import { isAlive } from '../../src/sandbox/process-table.js';
import {
  type SandboxApplication,
  startSandboxApplication,
  stopWorld,
  until,
  worldAddress,
} from '../support/sandbox-application.js';

jest.setTimeout(120_000);

const homes: string[] = [];
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const home of homes.splice(0)) {
    await stopWorld(path.join(home, '.sandbox'));
    rmSync(home, { recursive: true, force: true });
  }
});

function newDir(): string {
  const home = mkdtempSync(path.join(os.tmpdir(), 'sandbox-world-'));
  // Open to PostgreSQL's user: data that lives elsewhere is another spec's subject.
  chmodSync(home, 0o711);
  homes.push(home);
  return path.join(home, '.sandbox');
}

async function application(
  dir: string,
  settings?: Readonly<Record<string, string>>,
  baseUrl?: string,
): Promise<SandboxApplication> {
  const app = await startSandboxApplication(dir, settings, baseUrl);
  started.push(app.process);
  return app;
}

const pidOf = (dir: string) => worldAddress(dir)?.pid ?? 0;
const postmasterOf = (dir: string) =>
  Number(readFileSync(path.join(dir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

async function query(env: Readonly<Record<string, string>>, statement: string) {
  const client = new pg.Client(env.DATABASE_URL);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}

async function control(dir: string, method: string, route: string, body?: unknown) {
  const response = await fetch(new URL(route, worldAddress(dir)?.controlUrl), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('a detached world', () => {
  it('outlives a killed application, takes the next one, and ends with the last goodbye', async () => {
    const dir = newDir();
    const first = await application(dir);
    const world = pidOf(dir);
    await query(first.env, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.kill();
    await until(async () => (await control(dir, 'GET', '/')).body.leases?.toString() === '');

    const second = await application(dir);
    const third = await application(dir);
    expect(pidOf(dir)).toBe(world);
    expect(second.env).toEqual(first.env);
    expect(await query(second.env, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);

    const postmaster = postmasterOf(dir);
    await second.leave();
    expect((await control(dir, 'GET', '/')).status).toBe(200);
    await third.leave();
    await until(() => !isAlive(world) && !isAlive(postmaster));
    expect(existsSync(path.join(dir, 'env.json'))).toBe(false);

    const next = await application(dir);
    expect(pidOf(dir)).not.toBe(world);
    expect(next.env).toEqual(first.env);
    expect(await query(next.env, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is one for applications that start at the same time, even right after a goodbye', async () => {
    const dir = newDir();
    const both = await Promise.all([application(dir), application(dir)]);
    expect(both[0].env).toEqual(both[1].env);
    expect((await control(dir, 'GET', '/')).body.leases).toHaveLength(2);
    await Promise.all(both.map((app) => app.leave()));
    const [third, fourth] = await Promise.all([application(dir), application(dir)]);
    expect(third.env).toEqual(fourth.env);
    expect((await control(dir, 'GET', '/')).body.leases).toHaveLength(2);
  });

  it('that was killed itself is taken up where it was', async () => {
    const dir = newDir();
    const first = await application(dir);
    const user = await control(dir, 'POST', '/users', { roles: ['reviewer'], tenant: 'other' });
    const postmaster = postmasterOf(dir);
    await query(first.env, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await until(() => readFileSync(path.join(dir, 'platform.json'), 'utf8').includes(idOf(user)));
    process.kill(pidOf(dir), 'SIGKILL');
    await until(() => !isAlive(pidOf(dir)));

    const second = await application(dir);
    expect(second.env).toEqual(first.env);
    expect(postmasterOf(dir)).toBe(postmaster);
    const directory = `${second.env.USER_SERVICE_URL ?? ''}/api/v1/users/${idOf(user)}`;
    const tenant = { 'x-tenant-id': String(user.body.tenantId) };
    expect((await fetch(directory, { headers: tenant })).status).toBe(200);
  });

  it('ends when nobody has used it for a while', async () => {
    const dir = newDir();
    const app = await application(dir, { SANDBOX_IDLE_MINUTES: '0.02' });
    const world = pidOf(dir);
    await app.kill();
    await until(() => !isAlive(world));
  });

  it('keeps secrets to its owner', async () => {
    const dir = newDir();
    await application(dir);
    for (const name of ['env.json', 'secrets.json', 'description.json', 'keys/jwt-private.pem']) {
      expect([name, statSync(path.join(dir, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('has the ports that are fixed', async () => {
    const dir = newDir();
    const stripe = String(await freePort());
    const { env } = await application(dir, { SANDBOX_STRIPE_PORT: stripe });
    expect(env.STRIPE_API_BASE).toBe(`http://127.0.0.1:${stripe}`);
  });

  it('tells the application why it cannot start, and leaves no server behind', async () => {
    const dir = newDir();
    const taken = createServer();
    const port = await portOf(taken);
    const settings = { SANDBOX_TICKETS_PORT: String(port) };
    await expect(application(dir, settings)).rejects.toThrow(
      /The sandbox did not start[\s\S]*EADDRINUSE/,
    );
    taken.close();
    expect(existsSync(path.join(dir, 'postgres', 'postmaster.pid'))).toBe(false);
  });
});

describe('the control API', () => {
  it('sends webhooks to the newest application, and back when that one is gone', async () => {
    const dir = newDir();
    const [older, newer] = [await receiver(), await receiver()];
    const { env } = await application(dir, {}, older.url);
    const app = await application(dir, {}, newer.url);
    const { hostname: host, port } = new URL(env.STRIPE_API_BASE ?? '');
    const stripe = new Stripe(env.STRIPE_SECRET_KEY ?? '', { host, port, protocol: 'http' });
    const secret = env.STRIPE_WEBHOOK_SECRET ?? '';
    const received = ({ deliveries }: Receiver) =>
      deliveries.map(({ body, signature }) => {
        const { type, data } = stripe.webhooks.constructEvent(body, signature, secret);
        return [type, (data.object as { id: string }).id];
      });
    const create = async () =>
      (await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })).id;

    const one = await create();
    await until(() => newer.deliveries.length > 0);
    await app.kill();
    await until(
      async () => ((await control(dir, 'GET', '/')).body.leases as unknown[]).length === 1,
    );
    const two = await create();
    await until(() => older.deliveries.length > 0);
    expect(received(newer)).toEqual([['payment_intent.created', one]]);
    expect(received(older)).toEqual([['payment_intent.created', two]]);
    older.close();
    newer.close();
  });

  it('refuses a process that does not run, and web pages', async () => {
    const dir = newDir();
    await application(dir);
    expect((await control(dir, 'POST', '/leases', { pid: 2 ** 30 })).status).toBe(422);
    expect((await control(dir, 'DELETE', '/leases/1')).status).toBe(404);
    const url = new URL('/users', worldAddress(dir)?.controlUrl);
    const page = { method: 'POST', headers: { origin: 'https://example.com' } };
    expect((await fetch(url, page)).status).toBe(403);
  });
});

describe('a world in the foreground', () => {
  const foreground = (dir: string) => {
    const program = path.resolve('dist/src/sandbox/world-process.js');
    const child = spawn(process.execPath, [program], {
      env: { PATH: process.env.PATH, SANDBOX_DIR: dir, SANDBOX_IDLE_MINUTES: '0.001' },
      stdio: 'ignore',
    });
    started.push(child);
    return child;
  };

  it('stays until it is interrupted, whoever comes and goes', async () => {
    const dir = newDir();
    const child = foreground(dir);
    await until(() => worldAddress(dir) !== undefined);
    const app = await application(dir);
    expect(pidOf(dir)).toBe(child.pid);
    await app.leave();
    expect((await control(dir, 'GET', '/')).status).toBe(200);
    const postmaster = postmasterOf(dir);
    child.kill('SIGINT');
    await until(() => child.exitCode === 0 && !isAlive(postmaster));
  });

  it('keeps a detached one awake instead, when there is one', async () => {
    const dir = newDir();
    const app = await application(dir);
    const world = pidOf(dir);
    const child = foreground(dir);
    const leases = async () => (await control(dir, 'GET', '/')).body.leases as { pid: number }[];
    await until(async () => (await leases()).some(({ pid }) => pid === child.pid));
    await app.leave();
    expect((await control(dir, 'GET', '/')).status).toBe(200);
    child.kill('SIGINT');
    await until(() => !isAlive(world));
  });
});

interface Receiver {
  readonly url: string;
  readonly deliveries: { readonly body: string; readonly signature: string }[];
  close(): void;
}

async function receiver(): Promise<Receiver> {
  const deliveries: { body: string; signature: string }[] = [];
  const server = createHttpServer((request, response) => {
    void text(request).then((body) => {
      deliveries.push({ body, signature: String(request.headers['stripe-signature']) });
      response.end();
    });
  });
  const port = await portOf(server);
  return {
    url: `http://127.0.0.1:${port}`,
    deliveries,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function idOf({ body }: { body: Record<string, unknown> }): string {
  return String(body.id);
}
