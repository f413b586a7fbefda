import { CUSTODY, FAKE_GAS, WALLET } from '../support/fake-chain.js';
import { MintWorld } from './mint-world.js';

let world: MintWorld;
beforeEach(async () => {
  world = await MintWorld.open();
});
afterEach(() => world.close());

describe.each(['polygon', 'solana'] as const)('tickets on %s', (blockchain) => {
  it('become tokens of the wallet that the buyer named', async () => {
    const order = await world.queued(5, { blockchain, recipient: WALLET });
    await world.workAll();
    const mints = await world.mints(order);
    expect(mints.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'minted'));
    expect(order.ticketIds.map((id) => world[blockchain].owners.get(id))).toEqual(
      Array.from({ length: 5 }, () => WALLET),
    );
    expect(
      mints.every(({ tokenId, base, transactionHash }) => tokenId && base && transactionHash),
    ).toBe(true);
  });

  it('are kept by the platform where the buyer named none', async () => {
    const order = await world.queued(1, { blockchain });
    await world.workAll();
    expect(world[blockchain].owners.get(order.ticketIds[0] ?? '')).toBe(CUSTODY);
  });

  it('are told of once each', async () => {
    const order = await world.queued(3, { blockchain });
    await world.workAll();
    const told = await world.events('mint.completed');
    expect(told.map(({ ticketId }) => ticketId).sort()).toEqual([...order.ticketIds].sort());
    expect(told[0]).toMatchObject({ paymentId: order.paymentId, blockchain });
  });

  it('cost what their transactions cost, to the last unit, in the books as well', async () => {
    const order = await world.queued(3, { blockchain });
    await world.workAll();
    const transactions = world[blockchain].included.length;
    const gas = FAKE_GAS * BigInt(transactions);
    const mints = await world.mints(order);
    expect(mints.reduce((sum, { gasFeePaid }) => sum + (gasFeePaid ?? 0n), 0n)).toBe(gas);
    const entries = await world.db.query(
      'SELECT account, currency, sum(amount_cents)::text AS amount FROM ledger_entries GROUP BY 1, 2',
    );
    const native = blockchain === 'polygon' ? gas / 1_000_000_000n : gas;
    const currency = blockchain === 'polygon' ? 'POL' : 'SOL';
    expect(entries).toEqual(
      expect.arrayContaining([
        { account: `chain:${blockchain}:spent`, currency, amount: String(native) },
        { account: `chain:${blockchain}:wallet`, currency, amount: String(-native) },
      ]),
    );
  });

  it('are what the chain says: those that are there are not made again', async () => {
    const order = world.sold(3, { blockchain });
    world[blockchain].owners.set(order.ticketIds[1] ?? '', WALLET);
    await world.enqueue(order);
    await world.worker.batcher.pass();
    await world.workAll();
    const mints = await world.mints(order);
    expect(mints.map(({ status }) => status)).toEqual(['minted', 'minted', 'minted']);
    expect(mints.map(({ transactionHash }) => transactionHash === null)).toEqual([
      false,
      true,
      false,
    ]);
    expect(world[blockchain].owners.get(order.ticketIds[1] ?? '')).toBe(WALLET);
  });
});

describe('a job', () => {
  it('is formed of all that wait, whoever paid, up to the chain’s limit', async () => {
    const orders = [world.sold(60), world.sold(60), world.sold(10, { blockchain: 'solana' })];
    for (const order of orders) await world.enqueue(order);
    expect(await world.worker.batcher.pass()).toBe(3);
    const jobs = await world.db.query(
      `SELECT blockchain, cardinality(ticket_ids) AS tickets FROM nft_batches ORDER BY 1, 2`,
    );
    expect(jobs).toEqual([
      { blockchain: 'polygon', tickets: 20 },
      { blockchain: 'polygon', tickets: 100 },
      { blockchain: 'solana', tickets: 10 },
    ]);
  });

  it('waits for others to share a transaction with, unless its event is near', async () => {
    const late = new Date(world.clock.now().getTime() + 10 * 86_400_000).toISOString();
    const patient = world.sold(1, { eventStartsAt: late });
    await world.enqueue(patient);
    expect(await world.worker.batcher.pass()).toBe(0);
    await world.db.query(`UPDATE nft_mint_queue SET created_at = now() - interval '11 seconds'`);
    expect(await world.worker.batcher.pass()).toBe(1);
  });

  it('takes the most urgent first', async () => {
    const late = new Date(world.clock.now().getTime() + 10 * 86_400_000).toISOString();
    const patient = world.sold(80, { eventStartsAt: late });
    const urgent = world.sold(80);
    await world.enqueue(patient);
    await world.enqueue(urgent);
    await world.worker.batcher.pass();
    const [first] = await world.db.query(
      'SELECT ticket_ids FROM nft_batches ORDER BY cardinality(ticket_ids) DESC LIMIT 1',
    );
    const tickets = new Set(first?.ticket_ids as string[]);
    expect(urgent.ticketIds.every((id) => tickets.has(id))).toBe(true);
  });

  it('is one row a ticket, however often it is asked for', async () => {
    const order = world.sold(2);
    await world.enqueue(order);
    await world.enqueue(order);
    await world.worker.batcher.pass();
    await world.workAll();
    await world.enqueue(order);
    expect(await world.worker.batcher.pass()).toBe(0);
    expect(world.polygon.included).toHaveLength(1);
  });

  it('books no cents while no price is known, and then does', async () => {
    world.price = null;
    const order = await world.queued(1);
    await world.worker.work();
    expect(await world.statuses(order)).toEqual(['minted']);
    expect(await world.db.query(`SELECT FROM nft_batches WHERE status = 'open'`)).toHaveLength(1);
    world.price = 10n ** 12n;
    await world.workAll();
    expect(await world.db.query(`SELECT FROM nft_batches WHERE status = 'done'`)).toHaveLength(1);
    const cents = await world.db.query(`SELECT amount_cents::text AS amount FROM ledger_entries
      WHERE account = 'gas:reserve'`);
    expect(cents).toEqual([{ amount: '300' }]);
  });
});
