import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { leaks } from '../support/leaks.js';
import { startProcess } from '../support/process.js';
import { Client } from '../support/client.js';
import { startTestWorld, type TestWorld } from '../support/world.js';

/** Starts the compiled application and tells which packages it has loaded, of those asked for. */
const PROGRAM = `
  import { createRequire } from 'node:module';
  import { serve } from './dist/src/serve.js';
  const { stop } = await serve(process.env);
  const files = Object.keys(createRequire(import.meta.url).cache);
  const loaded = ['bull', 'ioredis', '@bull-board/api'].filter((name) =>
    files.some((file) => file.includes('/node_modules/' + name + '/')));
  console.log('loaded ' + JSON.stringify(loaded));
  await stop();
  process.exit(0);`;

let world: TestWorld;

beforeAll(async () => {
  world = await startTestWorld();
});

afterAll(() => world.close());

async function loaded(settings: Record<string, string>): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', PROGRAM],
    {
      env: {
        PATH: process.env.PATH,
        ...world.env,
        NODE_ENV: 'test',
        HOST: '127.0.0.1',
        PORT: '0',
        METRICS_PORT: '0',
        LOG_LEVEL: 'silent',
        ...settings,
      },
    },
  );
  return JSON.parse(/^loaded (.*)$/m.exec(stdout)?.[1] ?? 'null');
}

/** Nobody listens there. */
const NOWHERE = 'redis://:not-to-be-told@127.0.0.1:1/0';

describe('what Redis needs', () => {
  it('is not loaded without REDIS_URL', async () => {
    expect(await loaded({})).toEqual([]);
  });

  it('is loaded with it, the board only when somebody looks', async () => {
    expect(await loaded({ REDIS_URL: NOWHERE })).toEqual(['bull', 'ioredis']);
  });
});

describe('a Redis that was never there', () => {
  it('keeps no process from starting, serving and stopping, and is told of once', async () => {
    const app = await startProcess(world, { REDIS_URL: NOWHERE });
    const ready = await new Client(app.url).get('/health/ready');
    expect([ready.status, ready.body.status]).toEqual([200, 'degraded']);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await app.terminate()).code).toBe(0);
    expect(app.logs().match(/Redis is in trouble/g)).toHaveLength(1);
    expect(app.logs()).not.toContain('not-to-be-told');
    expect(leaks(app.logs(), world)).toEqual([]);
  });
});
