import { PeriodicTasks } from '../../src/kernel/jobs/index.js';
import { registry } from '../../src/kernel/observability/index.js';
import { MintGauges } from '../../src/nft/infra/mint-gauges.js';
import type { MintOrder } from '../../src/payments/payments.contract.js';
import { WALLET } from '../support/fake-chain.js';
import { MintWorld } from './mint-world.js';

let world: MintWorld;
let gauges: MintGauges;

beforeEach(async () => {
  registry.resetMetrics();
  world = await MintWorld.open();
  gauges = new MintGauges(world.db.database, new PeriodicTasks(false));
});
afterEach(() => world.close());

/** The samples whose lines begin so, by their labels. */
async function samples(name: string): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, found, labels = '', value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
      return found === name ? [[labels.replaceAll('"', ''), Number(value)]] : [];
    }),
  );
}

/** Requests of an order came so long before the world's clock, or before the database's. */
const cameBefore = (order: MintOrder, seconds: number, than: Date | 'now()' = world.clock.now()) =>
  world.db.query(
    `UPDATE nft_mint_queue SET created_at = $2::timestamptz - make_interval(secs => $3)
     WHERE payment_id = $1`,
    [order.paymentId, than === 'now()' ? new Date() : than, seconds],
  );

const transactions = () => samples('nft_transactions_total');

describe.each(['polygon', 'solana'] as const)('on %s', (blockchain) => {
  const of = (outcome: string) => `blockchain=${blockchain},outcome=${outcome}`;

  it('a mint counts each transaction once, and each ticket’s time to its token', async () => {
    const order = world.sold(6, { blockchain });
    await world.enqueue(order);
    await cameBefore(order, 42);
    await world.worker.batcher.pass();
    await world.workAll();
    const needed = blockchain === 'polygon' ? 1 : 3;
    expect(await transactions()).toEqual({
      [of('signed')]: needed,
      [of('sent')]: needed,
      [of('done')]: needed,
    });
    expect(await samples('nft_mint_duration_seconds_count')).toEqual({
      [`blockchain=${blockchain}`]: 6,
    });
    expect(await samples('nft_mint_duration_seconds_sum')).toEqual({
      [`blockchain=${blockchain}`]: 6 * 42,
    });
    expect(await samples('nft_mint_duration_seconds_bucket')).toMatchObject({
      [`le=30,blockchain=${blockchain}`]: 0,
      [`le=60,blockchain=${blockchain}`]: 6,
    });
  });

  it('what reverts is a failure each time, and no token’s time', async () => {
    world[blockchain].reverts = 3;
    await world.queued(1, { blockchain });
    await world.workAll();
    expect(await transactions()).toEqual({
      [of('signed')]: 3,
      [of('sent')]: 3,
      [of('failed')]: 3,
    });
    expect(await samples('nft_mint_duration_seconds_count')).toEqual({});
  });

  it('what is in no block yet is signed and sent, and not done', async () => {
    world[blockchain].holding = true;
    await world.queued(1, { blockchain });
    await world.worker.work();
    expect(await transactions()).toEqual({ [of('signed')]: 1, [of('sent')]: 1 });
  });

  it('taking a token back is a transaction, and no token’s time', async () => {
    const order = await world.queued(1, { blockchain, recipient: WALLET });
    await world.workAll();
    await world.revoke(order);
    await world.workAll();
    expect(await transactions()).toMatchObject({ [of('signed')]: 2, [of('done')]: 2 });
    expect(await samples('nft_mint_duration_seconds_count')).toEqual({
      [`blockchain=${blockchain}`]: 1,
    });
  });

  it('the gauges tell what is waiting, for whom, and for how long', async () => {
    const { worker } = world;
    const chain = world[blockchain];
    const measured = async () => {
      await gauges.measure();
      return samples('nft_mints_unfinished');
    };
    const ageOf = async () =>
      (await samples('nft_oldest_unfinished_seconds'))[`blockchain=${blockchain}`];
    const with_ = (status: string) => `blockchain=${blockchain},status=${status}`;
    expect(await measured()).toEqual({});

    chain.reverts = 3;
    const lost = await world.queued(1, { blockchain });
    await world.workAll();
    await cameBefore(lost, 100_000, 'now()');
    expect(await measured()).toEqual({ [with_('failed')]: 1 });
    // A person has it: it is no longer in the age.
    expect(await ageOf()).toBeUndefined();

    chain.holding = true;
    const begun = await world.queued(2, { blockchain });
    await worker.work();
    await cameBefore(begun, 3_600, 'now()');
    const queued = world.sold(3, { blockchain });
    await world.enqueue(queued);
    expect(await measured()).toEqual({
      [with_('failed')]: 1,
      [with_('minting')]: 2,
      [with_('queued')]: 3,
    });
    const age = (await ageOf()) ?? 0;
    expect(age).toBeGreaterThan(3_590);
    expect(age).toBeLessThan(10_000);

    chain.holding = false;
    chain.mine();
    await cameBefore(queued, 60, 'now()');
    await worker.batcher.pass();
    await world.workAll();
    expect(await measured()).toEqual({ [with_('failed')]: 1 });
    expect(await ageOf()).toBeUndefined();
  });
});

it('what has expired on Solana is counted, and what is signed instead', async () => {
  world.solana.dropping = true;
  await world.queued(1, { blockchain: 'solana' });
  await world.worker.work();
  world.solana.expire();
  world.solana.dropping = false;
  await world.workAll();
  const of = (outcome: string) => `blockchain=solana,outcome=${outcome}`;
  expect(await transactions()).toEqual({
    [of('signed')]: 2,
    [of('sent')]: 2,
    [of('expired')]: 1,
    [of('done')]: 1,
  });
});
