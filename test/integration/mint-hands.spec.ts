import type { Principal } from '../../src/kernel/auth/index.js';
import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import { PeriodicTasks } from '../../src/kernel/jobs/index.js';
import { ClaimTicket, ClaimTicketHandler } from '../../src/nft/commands/claim-ticket.js';
import type { MintOrder } from '../../src/payments/payments.contract.js';
import { CUSTODY, fakeSignature, WALLET } from '../support/fake-chain.js';
import { MintWorld } from './mint-world.js';

const OTHER_WALLET = 'walletOfSomebodyElse000000000000000000';

let world: MintWorld;
beforeEach(async () => {
  world = await MintWorld.open();
});
afterEach(async () => {
  armFailpoints(undefined);
  await world.close();
});

const items = () => world.db.query(`SELECT kind FROM open_items WHERE status = 'open'`);

async function pass(): Promise<void> {
  await world.letTimePass();
  await world.worker.work();
}

async function claim(order: MintOrder, wallet: string) {
  const [mint] = await world.mints(order);
  if (!mint) throw new Error('nothing was queued');
  const handler = new ClaimTicketHandler(
    world.db.database,
    world.worker.chains,
    new PeriodicTasks(false),
    world.clock,
  );
  const principal = { tenantId: world.tenantId, userId: mint.userId } as Principal;
  const expiresAt = Math.floor(world.clock.now().getTime() / 1_000) + 60;
  const word = { wallet, expiresAt, signature: fakeSignature(wallet) };
  return handler.execute(new ClaimTicket(principal, mint.ticketId, word));
}

describe('jobs whose costs have no price yet', () => {
  it('hold up no ticket that is to be minted', async () => {
    world.price = null;
    for (let job = 0; job < 30; job += 1) {
      const order = await world.queued(1);
      await world.worker.work();
      expect(await world.statuses(order)).toEqual(['minted']);
    }
    expect(await world.db.query(`SELECT FROM nft_batches WHERE status = 'open'`)).toHaveLength(30);
  });

  it('leave a ticket alone that another job has in hand', async () => {
    const order = await world.queued(1);
    await world.workAll();
    world.price = null;
    world.polygon.reverts = 3;
    await claim(order, WALLET);
    for (let attempt = 0; attempt < 4; attempt += 1) await pass();
    expect(await items()).toEqual([{ kind: 'token_claim_failed' }]);
    world.polygon.holding = true;
    await claim(order, OTHER_WALLET);
    await pass();
    await pass();
    expect(await world.mints(order)).toMatchObject([{ claimant: OTHER_WALLET, recipient: null }]);
    world.polygon.holding = false;
    world.polygon.mine();
    world.price = 500_000n;
    await world.workAll();
    expect(await world.mints(order)).toMatchObject([{ claimant: null, recipient: OTHER_WALLET }]);
    expect(world.polygon.owners.get(order.ticketIds[0] ?? '')).toBe(OTHER_WALLET);
    expect(await world.db.query(`SELECT FROM nft_batches WHERE status = 'open'`)).toEqual([]);
  });
});

describe('tokens that are taken back', () => {
  it('hold up none that are to be made, however many they are', async () => {
    const undone = await world.queued(20);
    await world.workAll();
    await world.revoke(undone);
    const order = await world.queued(1);
    await world.worker.work();
    expect(await world.statuses(order)).toEqual(['minted']);
  });
});

describe('a token that was made for the platform before a wallet was named', () => {
  it('is handed over to the wallet', async () => {
    const order = world.sold(1);
    await world.enqueue(order);
    await claim(order, WALLET);
    const [ticketId = ''] = order.ticketIds;
    world.polygon.owners.set(ticketId, CUSTODY);
    await world.worker.batcher.pass();
    await world.workAll();
    expect(world.polygon.owners.get(ticketId)).toBe(WALLET);
    expect(await world.mints(order)).toMatchObject([
      { status: 'minted', claimant: null, recipient: WALLET },
    ]);
    expect(world.polygon.included).toHaveLength(1);
  });
});

describe('under another contract than the one a token was made with', () => {
  it('a token is not taken for one that never was', async () => {
    const order = await world.queued(1);
    await world.workAll();
    world.polygon.base = 'another contract';
    await world.revoke(order);
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['revocation_failed']);
    expect(await items()).toEqual([{ kind: 'token_revocation_failed' }]);
    const [mint] = await world.mints(order);
    expect(mint?.errorMessage).toBe('made under base, and another contract is configured');
  });

  it('a mint that was sent is waited for', async () => {
    world.polygon.holding = true;
    const order = await world.queued(1);
    await world.worker.work();
    world.polygon.base = 'another contract';
    world.polygon.mine();
    await pass();
    expect(await world.statuses(order)).toEqual(['minting']);
    expect(await items()).toEqual([]);
    world.polygon.base = 'base';
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['minted']);
    expect(world.polygon.signed).toHaveLength(1);
  });
});

describe('a mint that came to nothing', () => {
  it.each(['polygon', 'solana'] as const)(
    'on %s is made with what is configured by then',
    async (blockchain) => {
      const chain = world[blockchain];
      chain.reverts = 3;
      const order = await world.queued(1, { blockchain });
      await world.workAll();
      expect(await world.mints(order)).toMatchObject([{ status: 'failed', base: 'base' }]);
      chain.base = 'another';
      await world.db.query(`UPDATE nft_mint_queue SET status = 'queued', attempts = 0`);
      await world.worker.batcher.pass();
      await world.workAll();
      expect(await world.mints(order)).toMatchObject([{ status: 'minted', base: 'another' }]);
    },
  );

  it('is made with it in the same job, once what was signed has expired', async () => {
    world.solana.dropping = true;
    const order = await world.queued(1, { blockchain: 'solana' });
    await world.worker.work();
    world.solana.base = 'another';
    await pass();
    expect(world.solana.signed).toHaveLength(1);
    world.solana.expire();
    world.solana.dropping = false;
    await world.workAll();
    expect(await world.mints(order)).toMatchObject([{ status: 'minted', base: 'another' }]);
  });
});

describe('with another key', () => {
  it('a place of the old one is not used', async () => {
    const order = await world.queued(1);
    armFailpoints('mint.after_allocate:throw');
    await world.worker.work();
    armFailpoints(undefined);
    world.polygon.signer = 'another signer';
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['minted']);
    const tries = await world.db.query('SELECT signer, status FROM nft_transactions');
    expect(tries).toEqual([{ signer: 'another signer', status: 'done' }]);
    const free = await world.db.query(
      'SELECT address, nonce::text AS nonce FROM chain_free_nonces',
    );
    expect(free).toEqual([{ address: CUSTODY, nonce: '0' }]);
  });

  it('what the old one has signed is sent on, and not replaced', async () => {
    world.polygon.holding = true;
    const order = await world.queued(1);
    await world.worker.work();
    world.polygon.signer = 'another signer';
    const sent = world.polygon.sent.length;
    await world.db.query(`UPDATE nft_transactions SET signed_at = now() - interval '61 seconds',
      sent_at = now() - interval '61 seconds'`);
    await pass();
    expect(world.polygon.signed).toHaveLength(1);
    expect(world.polygon.sent.length).toBeGreaterThan(sent);
    world.polygon.mine();
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['minted']);
  });
});
