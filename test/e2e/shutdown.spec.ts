import { Agent, request } from 'node:http';
import { checkInvariants } from '../support/invariants/index.js';
import { leaks } from '../support/leaks.js';
import { type AppProcess, startProcess } from '../support/process.js';
import { eventually, newKey, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

jest.setTimeout(120_000);

const REQUESTS = 200;

let world: TestWorld;
let app: AppProcess;
let token: string;
let agent: Agent;

beforeEach(async () => {
  world = await startTestWorld();
  // As many charges may be under way as there are requests, and nobody gives up on a busy machine.
  app = await startProcess(world, {
    STRIPE_MAX_CONCURRENT: String(REQUESTS),
    STRIPE_TIMEOUT_MS: '60000',
    PLATFORM_TIMEOUT_MS: '20000',
  });
  const { cast } = world;
  token = await world.mintToken({
    sub: cast.users.buyer,
    tenantId: cast.tenantId,
    roles: ['user'],
    venues: [],
  });
  agent = new Agent({ keepAlive: true, maxSockets: REQUESTS });
});
afterEach(async () => {
  agent.destroy();
  await app.kill();
  await world.close();
});

interface Answered {
  readonly status: number;
  readonly closes: boolean;
}

/** One request over a connection that is kept; rejects when it is cut. */
function send(method: string, path: string, body?: object): Promise<Answered> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body && { 'content-type': 'application/json', 'idempotency-key': newKey() }),
    'content-length': Buffer.byteLength(text),
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, app.url), { method, agent, headers }, (response) => {
      response.resume().on('end', () => {
        const closes = response.headers.connection === 'close';
        resolve({ status: response.statusCode ?? 0, closes });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

const paid = async (): Promise<number> => {
  const text = `SELECT count(*)::int AS paid FROM payment_transactions WHERE status = 'PAID'`;
  return Number((await query(world, text))[0]?.paid);
};

describe('row 46: SIGTERM under load', () => {
  it('every request of 200 kept connections is answered, then the process ends', async () => {
    const event = new Shop(world).event({ capacity: 2 * REQUESTS });
    const everybody = <T>(act: () => Promise<T>) =>
      Promise.all(Array.from({ length: REQUESTS }, act));
    await everybody(() => send('GET', '/health/live'));
    world.stripe.setLatency(300);
    const answers = everybody(() => send('POST', PROCESS, orderOf(event)));
    await eventually(() => world.stripe.truth().charges.length > 0, 'the first charge');
    const before = await paid();
    const ended = app.terminate();
    const answered = await answers;
    expect(answered.map(({ status }) => status)).toEqual(answered.map(() => 200));
    // The order came while most of the work was still ahead, and clients were told to leave.
    expect(before).toBeLessThan(REQUESTS / 2);
    expect(answered.some(({ closes }) => closes)).toBe(true);
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(await paid()).toBe(REQUESTS);
    expect(await checkInvariants(world)).toEqual([]);
    expect(leaks(app.logs(), world)).toEqual([]);
  });

  it('nothing new is accepted afterwards', async () => {
    expect((await app.terminate()).code).toBe(0);
    await expect(send('GET', '/health/live')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
  });
});
