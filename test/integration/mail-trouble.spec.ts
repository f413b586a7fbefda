import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApplication } from '../../src/application.js';
import { loadConfig } from '../../src/kernel/config/index.js';
import { type RunningApp, startApp } from '../support/app.js';
import { mailAbout, withMail } from '../support/mails.js';
import { eventually, orderOf, PROCESS, query, Shop } from '../support/shop.js';

type Say = (userId: string) => { readonly status: number; readonly text: string };

let server: Server;
let say: Say;
let app: RunningApp;

const wellShaped: Say = (id) => ({
  status: 200,
  text: JSON.stringify({ id, email: `${id}@example.com`, name: 'Ada' }),
});

/** A user service that says what the test wants. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, text } = say(request.url?.split('/').at(-1) ?? '');
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  app = await startApp((world) => ({
    ...withMail(world),
    USER_SERVICE_URL: `http://127.0.0.1:${port}`,
  }));
});
beforeEach(() => {
  say = wellShaped;
});
afterAll(async () => {
  await app.close();
  await new Promise((resolve) => server.close(resolve));
});

async function buy(from: RunningApp = app): Promise<string> {
  const shop = new Shop(from.world);
  const { id } = from.world.users.createUser();
  const bought = await (await shop.buyer(from.url, id)).pay(PROCESS, orderOf(shop.event()));
  return String(bought.body.transaction.id);
}

const jobOf = async (paymentId: string, of: RunningApp = app) =>
  (await query(of.world, `SELECT * FROM jobs WHERE payload->>'paymentId' = $1`, [paymentId]))[0];
const triedOnce = (paymentId: string) =>
  eventually(async () => {
    const job = await jobOf(paymentId);
    return job?.last_error != null && job;
  }, 'the first try');
const wake = () =>
  query(app.world, `UPDATE jobs SET next_attempt_at = now() WHERE lease_until IS NULL`);
const ends = (paymentId: string, status: string) =>
  eventually(async () => {
    await wake();
    return (await jobOf(paymentId))?.status === status;
  }, `the job to be ${status}`);
const itemsOf = (job: Record<string, unknown>) =>
  query(app.world, `SELECT cause FROM open_items WHERE kind = 'job_failed' AND subject_id = $1`, [
    job.id,
  ]);

describe('an answer of the user service that cannot be used', () => {
  it.each<[string, Say]>([
    ['400', () => ({ status: 400, text: '{"error":"what?"}' })],
    ['401', () => ({ status: 401, text: '{"error":"who?"}' })],
    ['403 of something before it', () => ({ status: 403, text: '<html>no</html>' })],
    ['somebody else', () => wellShaped('01945a3c-2b7e-7c11-9a44-5d1f0c6a7b61')],
    ['another shape', (id) => ({ status: 200, text: JSON.stringify({ id, email: 7 }) })],
    ['no JSON', () => ({ status: 200, text: '<html>ada@example.com</html>' })],
  ])('counts as a try, and a human is told after the last: %s', async (_, answer) => {
    say = answer;
    const paymentId = await buy();
    const tried = await triedOnce(paymentId);
    expect(tried).toMatchObject({ attempts: 1, status: 'pending' });
    await query(app.world, `UPDATE jobs SET attempts = 6 WHERE id = $1`, [tried.id]);
    await ends(paymentId, 'failed');
    const job = await jobOf(paymentId);
    const items = await itemsOf(job ?? {});
    expect(items).toEqual([{ cause: 'Error: the user service gave no usable answer' }]);
    expect(JSON.stringify([job, items])).not.toContain('@example.com');
  });

  it('and then one that can be used ends in a mail', async () => {
    say = () => ({ status: 403, text: '{}' });
    const paymentId = await buy();
    await triedOnce(paymentId);
    say = wellShaped;
    await ends(paymentId, 'done');
  });
});

describe('a user service that is away', () => {
  it.each([429, 408, 500, 503])('with %d costs no try', async (status) => {
    say = () => ({ status, text: '{}' });
    const paymentId = await buy();
    expect(await triedOnce(paymentId)).toMatchObject({ attempts: 0, status: 'pending' });
    say = wellShaped;
    await ends(paymentId, 'done');
  });

  it('for days is a human’s matter at last', async () => {
    say = () => ({ status: 503, text: '{}' });
    const paymentId = await buy();
    const job = await triedOnce(paymentId);
    const age = (interval: string) =>
      query(app.world, `UPDATE jobs SET created_at = now() - $1::interval WHERE id = $2`, [
        interval,
        job.id,
      ]);
    await age('4 days 23 hours');
    await query(app.world, `UPDATE jobs SET last_error = NULL WHERE id = $1`, [job.id]);
    await wake();
    expect(await triedOnce(paymentId)).toMatchObject({ attempts: 0, status: 'pending' });
    await age('5 days 1 minute');
    await ends(paymentId, 'failed');
    expect(await itemsOf(job)).toHaveLength(1);
  });
});

describe('a worker without a mail server beside one that has it', () => {
  it('keeps the letters for the other', async () => {
    const without = await startApp();
    const { world } = without;
    try {
      // The other one has been there, and is not at the moment.
      await query(
        world,
        `INSERT INTO event_subscriptions VALUES ('buyer letters', '{payment.completed}')`,
      );
      const paymentId = await buy(without);
      const waiting = await eventually(async () => {
        const job = await jobOf(paymentId, without);
        return job?.last_error != null && job;
      });
      expect(waiting).toMatchObject({ status: 'pending', attempts: 0 });
      expect(waiting.last_error).toContain('Mail is not configured here');
      const env = { ...world.env, ...withMail(world), NODE_ENV: 'test', LOG_LEVEL: 'silent' };
      const other = await createApplication(
        loadConfig({ ...env, METRICS_PORT: '0', ROLE: 'worker' }),
      );
      await other.init();
      try {
        await eventually(async () => {
          await query(world, `UPDATE jobs SET next_attempt_at = now() WHERE lease_until IS NULL`);
          return (await jobOf(paymentId, without))?.status === 'done';
        });
        await mailAbout(world, 'Your receipt');
      } finally {
        await other.close();
      }
    } finally {
      await without.close();
    }
  });
});
