import type { Mint } from '../../src/nft/infra/mint-rows.js';
import { CUSTODY } from '../support/fake-chain.js';
import { type Bought, type FakeChains, type NftWorld, openFakeWorld } from './nft-world.js';

jest.setTimeout(180_000);

let world: NftWorld;
let chains: FakeChains;

beforeAll(async () => {
  ({ world, chains } = await openFakeWorld());
});
afterAll(() => world.close());

const retry = ({ id }: Mint) => world.admin.post(`/admin/nft/mints/${id}/retry`, {});

describe.each(['polygon', 'solana'] as const)('an administrator on %s', (blockchain) => {
  afterEach(() => {
    chains[blockchain].holding = false;
    chains[blockchain].reverts = 0;
    chains[blockchain].mine();
  });

  /** A ticket whose mint was given up. */
  async function givenUp(): Promise<{ bought: Bought; ticketId: string; mint: Mint }> {
    chains[blockchain].reverts = 3;
    const bought = await world.buy(await world.eventOn(blockchain));
    const [ticketId = ''] = bought.tickets;
    const mint = await world.untilMint(ticketId, { status: 'failed', attempts: 3 });
    return { bought, ticketId, mint };
  }

  /** A ticket that was refunded and whose token could not be taken back. */
  async function kept(): Promise<{ bought: Bought; ticketId: string; mint: Mint }> {
    const bought = await world.buy(await world.eventOn(blockchain));
    const [ticketId = ''] = bought.tickets;
    await world.until(bought, 'completed');
    chains[blockchain].reverts = 3;
    await world.refund(bought, [ticketId]);
    const mint = await world.untilMint(ticketId, { status: 'revocation_failed' });
    return { bought, ticketId, mint };
  }

  it('has a mint that was given up tried again, and it is one token', async () => {
    const chain = chains[blockchain];
    const { bought, ticketId, mint } = await givenUp();
    expect(await world.nftStatusOf(bought)).toMatchObject({ status: 'failed', progress: 0 });
    expect(await world.itemsOf(mint)).toEqual([{ kind: 'mint_failed', status: 'open', seen: 1 }]);
    const included = chain.included.length;

    const retried = await retry(mint);
    expect(retried.status).toBe(200);
    expect(retried.body).toMatchObject({ id: mint.id, ticketId, status: 'queued', attempts: 0 });
    expect(await world.until(bought, 'completed')).toMatchObject({ progress: 100 });
    expect(chain.owners.get(ticketId)).toBe(CUSTODY);
    expect(chain.included).toHaveLength(included + 1);
    expect(await world.mint(ticketId)).toMatchObject({ attempts: 0, errorMessage: null });
    expect(await world.itemsOf(mint)).toMatchObject([{ kind: 'mint_failed', status: 'resolved' }]);
    expect(await world.audited('mint.retried', mint.id)).toMatchObject([
      {
        actor: { type: 'user', id: world.running.world.cast.users.admin },
        before: { status: 'failed', error: expect.stringContaining('it reverted') as string },
        after: { status: 'queued' },
      },
    ]);
  });

  it('has taking a token back tried again, and it is burned', async () => {
    const chain = chains[blockchain];
    const { ticketId, mint } = await kept();
    expect(chain.owners.get(ticketId)).toBe(CUSTODY);
    const failed = { kind: 'token_revocation_failed', status: 'open', seen: 1 };
    expect(await world.itemsOf(mint)).toEqual([failed]);
    const included = chain.included.length;

    chain.holding = true;
    const retried = await retry(mint);
    expect([retried.status, retried.body.status]).toEqual([200, 'revoking']);
    chain.holding = false;
    chain.mine();
    await world.untilMint(ticketId, { status: 'revoked' });
    expect(chain.owners.get(ticketId)).toBe('burned');
    expect(chain.included).toHaveLength(included + 1);
    expect(await world.itemsOf(mint)).toMatchObject([{ ...failed, status: 'resolved' }]);
    expect(await world.audited('mint.retried', mint.id)).toMatchObject([
      { before: { status: 'revocation_failed' }, after: { status: 'revoking' } },
    ]);
  });

  it.each([
    ['a mint', givenUp, 'queued', CUSTODY],
    ['a revocation', kept, 'revoking', 'burned'],
  ])('who asks twice at once has %s tried once', async (_, make, started, owner) => {
    const chain = chains[blockchain];
    const { ticketId, mint } = await make();
    const included = chain.included.length;
    chain.holding = true;
    const answers = await Promise.all([retry(mint), retry(mint), retry(mint)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({ status: started });
    chain.holding = false;
    chain.mine();
    await world.untilMint(ticketId, { status: started === 'queued' ? 'minted' : 'revoked' });
    expect(chain.owners.get(ticketId)).toBe(owner);
    expect(chain.included).toHaveLength(included + 1);
    expect(await world.audited('mint.retried', mint.id)).toHaveLength(1);
  });

  it('finds the item open again where the chain is no better', async () => {
    const { ticketId, mint } = await givenUp();
    chains[blockchain].reverts = 3;
    expect((await retry(mint)).status).toBe(200);
    await world.untilMint(ticketId, { status: 'failed', attempts: 3 });
    expect(await world.itemsOf(mint)).toContainEqual(
      expect.objectContaining({ kind: 'mint_failed', status: 'open' }),
    );
    expect(chains[blockchain].owners.has(ticketId)).toBe(false);
  });

  it('cannot have minted what was refunded since its mint was given up', async () => {
    const { bought, ticketId, mint } = await givenUp();
    await world.refund(bought, [ticketId]);
    await world.untilMint(ticketId, { status: 'cancelled' });
    expect((await retry(mint)).body).toMatchObject({ code: 'CONFLICT' });
    expect(await world.itemsOf(mint)).toMatchObject([{ kind: 'mint_failed', status: 'resolved' }]);
    await world.hurry();
    expect(chains[blockchain].owners.has(ticketId)).toBe(false);
  });
});
