import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import { FAKE_GAS } from '../support/fake-chain.js';
import { MintWorld } from './mint-world.js';

let world: MintWorld;
beforeEach(async () => {
  world = await MintWorld.open();
});
afterEach(async () => {
  armFailpoints(undefined);
  await world.close();
});

const POINTS = [
  'mint.after_allocate',
  'mint.after_sign',
  'mint.after_store',
  'mint.after_broadcast',
  'mint.before_receipt',
  'mint.in_finalize',
];

describe.each(['polygon', 'solana'] as const)('row 7: on %s', (blockchain) => {
  it.each(POINTS)('a job that stops at %s goes on with the same bytes', async (point) => {
    const order = await world.queued(2, { blockchain });
    armFailpoints(`${point}:throw`);
    await world.worker.work();
    armFailpoints(undefined);
    const chain = world[blockchain];
    const before = chain.sent.length;
    await world.workAll(world.newWorker());
    expect(await world.statuses(order)).toEqual(['minted', 'minted']);
    expect(chain.included).toHaveLength(1);
    // What was signed before it was kept may be signed once more; what was sent is one.
    expect(new Set(chain.sent).size).toBe(1);
    expect(chain.signed.length).toBeLessThanOrEqual(2);
    if (before > 0) expect(chain.signed).toHaveLength(1);
    expect(await world.events('mint.completed')).toHaveLength(2);
  });

  it('what is dropped is sent again, the same bytes', async () => {
    const chain = world[blockchain];
    chain.dropping = true;
    const order = await world.queued(1, { blockchain });
    await world.worker.work();
    chain.dropping = false;
    await world.db.query(`UPDATE nft_transactions SET sent_at = now() - interval '6 seconds'`);
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['minted']);
    expect(chain.signed).toHaveLength(1);
    expect(chain.sent.length).toBeGreaterThan(1);
  });

  it('a chain that is away costs no attempt', async () => {
    const chain = world[blockchain];
    chain.away = true;
    const order = await world.queued(1, { blockchain });
    for (let pass = 0; pass < 5; pass += 1) {
      await world.letTimePass();
      await world.worker.work();
    }
    const [job] = await world.db.query('SELECT attempts, last_error FROM nft_batches');
    expect(job).toMatchObject({
      attempts: 0,
      last_error: expect.stringContaining('away') as string,
    });
    chain.away = false;
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['minted']);
  });

  it('what reverts is tried three times, and then a person’s', async () => {
    world[blockchain].reverts = 3;
    const order = await world.queued(1, { blockchain });
    await world.workAll();
    const [mint] = await world.mints(order);
    expect(mint).toMatchObject({ status: 'failed', attempts: 3 });
    expect(mint?.errorMessage).toContain('it reverted');
    expect(await world.events('mint.failed')).toHaveLength(1);
    const items = await world.db.query(`SELECT kind, subject_id FROM open_items`);
    expect(items).toEqual([{ kind: 'mint_failed', subject_id: mint?.id }]);
    const [job] = await world.db.query('SELECT status, gas FROM nft_batches');
    expect(job).toMatchObject({ status: 'failed', gas: String(FAKE_GAS * 3n) });
  });

  it('what cannot be signed gives its place back', async () => {
    world[blockchain].refusals = 2;
    const order = await world.queued(1, { blockchain });
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['minted']);
    const tries = await world.db.query('SELECT nonce::text AS nonce FROM nft_transactions');
    expect(tries).toEqual([{ nonce: blockchain === 'polygon' ? '0' : null }]);
  });

  it('row 25: two processes with one job make one token', async () => {
    world[blockchain].holding = true;
    const order = await world.queued(1, { blockchain });
    armFailpoints('mint.after_sign:sleep:400');
    const late = world.worker.work();
    await new Promise((resolve) => setTimeout(resolve, 150));
    await world.letTimePass();
    armFailpoints(undefined);
    await world.newWorker().work();
    await late;
    world[blockchain].mine();
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['minted']);
    expect(new Set(world[blockchain].sent).size).toBe(1);
  });
});

describe('on Polygon', () => {
  it('what waits for a minute is replaced in its place, and whichever is included counts', async () => {
    world.polygon.holding = true;
    const order = await world.queued(1);
    await world.worker.work();
    await world.db.query(`UPDATE nft_transactions SET signed_at = now() - interval '61 seconds'`);
    await world.letTimePass();
    await world.worker.work();
    const tries = await world.db.query('SELECT nonce::text AS nonce FROM nft_transactions');
    expect(tries).toEqual([{ nonce: '0' }, { nonce: '0' }]);
    world.polygon.mine();
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['minted']);
    expect(world.polygon.included).toHaveLength(1);
    const ends = await world.db.query('SELECT status FROM nft_transactions ORDER BY try');
    expect(ends).toEqual([{ status: 'expired' }, { status: 'done' }]);
  });

  it('jobs stand in one line without a gap', async () => {
    const orders = await Promise.all([world.queued(1), world.queued(1), world.queued(1)]);
    await world.workAll();
    for (const order of orders) expect(await world.statuses(order)).toEqual(['minted']);
    const nonces = await world.db.query(
      'SELECT nonce::text AS nonce FROM nft_transactions ORDER BY 1',
    );
    expect(nonces.map(({ nonce }) => Number(nonce))).toEqual(nonces.map((_, index) => index));
  });
});

describe('on Solana', () => {
  it('nothing new is signed before what was signed has expired', async () => {
    world.solana.dropping = true;
    const order = await world.queued(1, { blockchain: 'solana' });
    await world.worker.work();
    await world.db.query(`UPDATE nft_transactions SET signed_at = now() - interval '10 minutes'`);
    await world.letTimePass();
    await world.worker.work();
    expect(world.solana.signed).toHaveLength(1);
    world.solana.expire();
    world.solana.dropping = false;
    await world.workAll();
    expect(world.solana.signed).toHaveLength(2);
    expect(await world.statuses(order)).toEqual(['minted']);
    const rows = await world.db.query('SELECT bytes FROM nft_transactions ORDER BY try');
    const fees = rows.map(({ bytes }) => (JSON.parse(String(bytes)) as { fee: number }).fee);
    expect(fees).toEqual([1, 2]);
  });

  it('one part that fails does not hold up the others', async () => {
    world.solana.reverts = 1;
    const order = await world.queued(6, { blockchain: 'solana' });
    await world.workAll();
    expect(new Set(await world.statuses(order))).toEqual(new Set(['minted']));
    expect(world.solana.included).toHaveLength(4);
  });
});
