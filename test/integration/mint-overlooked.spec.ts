import { FAKE_GAS } from '../support/fake-chain.js';
import { MintWorld } from './mint-world.js';

let world: MintWorld;
beforeEach(async () => {
  world = await MintWorld.open();
});
afterEach(() => world.close());

/** Mints or revokes while a node of Solana shows nothing of it, and takes it for expired. */
async function overlooked(work: () => Promise<unknown>): Promise<void> {
  world.solana.overlooking = true;
  await work();
  world.solana.expire();
  await world.letTimePass();
  await world.worker.work();
  world.solana.overlooking = false;
  await world.workAll();
}

const costs = async () => {
  const [row] = await world.db.query(
    `SELECT sum(gas)::text AS noted, (SELECT sum(amount_cents)::text FROM ledger_entries
      WHERE account = 'chain:solana:spent') AS booked FROM nft_batches`,
  );
  return row;
};

describe('a transaction that a node of Solana overlooked until its block hash had expired', () => {
  it('is not made again, and its cost is in the books', async () => {
    const order = await world.queued(2, { blockchain: 'solana' });
    await overlooked(() => world.worker.work());
    expect(await world.statuses(order)).toEqual(['minted', 'minted']);
    expect(world.solana.included).toHaveLength(1);
    expect(world.solana.signed).toHaveLength(1);
    const gas = FAKE_GAS.toString();
    expect(await costs()).toEqual({ noted: gas, booked: gas });
    const [mint] = await world.mints(order);
    expect(mint?.transactionHash).toBe(world.solana.included[0]);
  });

  it('that took a token back is one of its own as well', async () => {
    const order = await world.queued(1, { blockchain: 'solana' });
    await world.workAll();
    await overlooked(async () => {
      await world.revoke(order);
      await world.worker.work();
    });
    expect(await world.statuses(order)).toEqual(['revoked']);
    expect(world.solana.included).toHaveLength(2);
    const gas = (2n * FAKE_GAS).toString();
    expect(await costs()).toEqual({ noted: gas, booked: gas });
  });

  it('is left at that when nothing is known of it for long', async () => {
    const order = await world.queued(1, { blockchain: 'solana' });
    world.solana.overlooking = true;
    await world.worker.work();
    world.solana.expire();
    await world.db.query(`UPDATE nft_transactions SET signed_at = now() - interval '61 minutes'`);
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['minted']);
    expect(world.solana.signed).toHaveLength(1);
  });
});
