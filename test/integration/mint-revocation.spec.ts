import { newId } from '../../src/kernel/ids.js';
import { CUSTODY, WALLET } from '../support/fake-chain.js';
import { MintWorld } from './mint-world.js';

let world: MintWorld;
beforeEach(async () => {
  world = await MintWorld.open();
});
afterEach(() => world.close());

const policy = (tokenRevocation: string) =>
  world.db.query(
    `INSERT INTO tenant_settings (tenant_id, id, settings, effective_from, changed_by)
     VALUES ($1, $2, $3, now() - interval '1 day', $1)`,
    [world.tenantId, newId(), { tokenRevocation }],
  );

describe('a ticket that was refunded', () => {
  it('is never minted when it waits', async () => {
    const order = world.sold(2);
    await world.enqueue(order);
    await world.revoke(order, order.ticketIds.slice(0, 1));
    await world.worker.batcher.pass();
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['cancelled', 'minted']);
    expect(world.polygon.owners.size).toBe(1);
  });

  it('is never minted when the refund is heard of first', async () => {
    const order = world.sold(1);
    await world.revoke(order);
    await world.enqueue(order);
    expect(await world.worker.batcher.pass()).toBe(0);
    expect(await world.statuses(order)).toEqual(['cancelled']);
  });

  it('loses its token, told of once', async () => {
    const order = await world.queued(2, { recipient: WALLET });
    await world.workAll();
    const [refunded = '', kept = ''] = order.ticketIds;
    await world.revoke(order, [refunded]);
    await world.revoke(order, [refunded]);
    await world.workAll();
    expect(world.polygon.owners.get(refunded)).toBe('burned');
    expect(world.polygon.owners.get(kept)).toBe(WALLET);
    expect(await world.statuses(order)).toEqual(['revoked', 'minted']);
    expect(await world.events('token.revoked')).toMatchObject([
      { ticketId: refunded, how: 'burn' },
    ]);
  });

  it('loses its token as soon as it has one, when it is being minted', async () => {
    world.polygon.holding = true;
    const order = await world.queued(1);
    await world.worker.work();
    await world.revoke(order);
    expect(await world.statuses(order)).toEqual(['minting']);
    world.polygon.holding = false;
    world.polygon.mine();
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['revoked']);
    expect(world.polygon.owners.get(order.ticketIds[0] ?? '')).toBe('burned');
  });

  it('is taken back where the settings of the sale say so', async () => {
    await policy('claw_back');
    const order = await world.queued(1, { recipient: WALLET });
    await world.workAll();
    await world.revoke(order);
    await world.workAll();
    expect(world.polygon.owners.get(order.ticketIds[0] ?? '')).toBe(CUSTODY);
    expect(await world.events('token.revoked')).toMatchObject([{ how: 'claw_back' }]);
  });

  it('keeps its token where the settings say so, and is still not minted afterwards', async () => {
    await policy('keep');
    const minted = await world.queued(1, { recipient: WALLET });
    await world.workAll();
    const waiting = world.sold(1);
    await world.enqueue(waiting);
    await world.revoke(minted);
    await world.revoke(waiting);
    await world.workAll();
    expect(await world.statuses(minted)).toEqual(['minted']);
    expect(await world.statuses(waiting)).toEqual(['cancelled']);
  });

  it('is over when its mint had failed, where the settings say that tokens are kept', async () => {
    await policy('keep');
    world.polygon.reverts = 3;
    const order = await world.queued(1);
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['failed']);
    await world.revoke(order);
    expect(await world.statuses(order)).toEqual(['cancelled']);
    expect(await world.db.query(`SELECT FROM open_items WHERE status = 'open'`)).toEqual([]);
  });

  it('is over when its mint fails afterwards, where the settings say that tokens are kept', async () => {
    await policy('keep');
    world.polygon.holding = true;
    const order = await world.queued(1);
    await world.worker.work();
    await world.revoke(order);
    expect(await world.mints(order)).toMatchObject([{ status: 'minting', revocation: 'keep' }]);
    world.polygon.holding = false;
    world.polygon.reverts = 3;
    world.polygon.mine();
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['cancelled']);
    expect(await world.db.query(`SELECT FROM open_items`)).toEqual([]);
  });

  it('is a person’s when its token cannot be taken back', async () => {
    const order = await world.queued(1, { recipient: WALLET });
    await world.workAll();
    world.polygon.reverts = 3;
    await world.revoke(order);
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['revocation_failed']);
    expect(await world.db.query('SELECT kind FROM open_items')).toEqual([
      { kind: 'token_revocation_failed' },
    ]);
  });

  it('of which there never was a token is done with when its mint had failed', async () => {
    world.polygon.reverts = 3;
    const order = await world.queued(1);
    await world.workAll();
    await world.revoke(order);
    await world.workAll();
    expect(await world.statuses(order)).toEqual(['cancelled']);
    expect(await world.events('token.revoked')).toEqual([]);
    expect(await world.db.query(`SELECT FROM open_items WHERE status = 'open'`)).toEqual([]);
  });
});
