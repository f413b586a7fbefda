import { CommandBus } from '@nestjs/cqrs';
import { RevokeTokens } from '../../src/nft/commands/revoke-tokens.js';
import type { MintStatus } from '../../src/nft/domain/mint.js';
import { REVOKE_TOKENS } from '../../src/nft/nft.saga.js';
import { CUSTODY, type FakeChain } from '../support/fake-chain.js';
import { eventually } from '../support/shop.js';
import {
  type Bought,
  claimOnFake,
  type FakeChains,
  newFakeWallet,
  type NftWorld,
  openFakeWorld,
} from './nft-world.js';

jest.setTimeout(180_000);

let world: NftWorld;
let chains: FakeChains;

beforeAll(async () => {
  ({ world, chains } = await openFakeWorld());
});
afterAll(() => world.close());

describe.each(['polygon', 'solana'] as const)('a claim on %s', (blockchain) => {
  const chain = (): FakeChain => chains[blockchain];

  afterEach(() => {
    chain().holding = false;
    chain().reverts = 0;
    chain().mine();
    chains.sign(blockchain, true);
  });

  async function sold(settings: object = {}): Promise<{ bought: Bought; ticketId: string }> {
    const bought = await world.buy(await world.eventOn(blockchain, settings));
    return { bought, ticketId: bought.tickets[0] ?? '' };
  }

  async function minted(settings: object = {}) {
    const one = await sold(settings);
    await world.until(one.bought, 'completed');
    return { ...one, wallet: newFakeWallet() };
  }

  /** A token whose claim was taken and whose transfer is in no block yet. */
  async function underway(settings: object = {}) {
    const one = await minted(settings);
    chain().holding = true;
    const sent = chain().sent.length;
    expect((await claimOnFake(one.bought, one.ticketId, one.wallet)).status).toBe(200);
    await eventually(async () => {
      await world.hurry();
      return chain().sent.length > sent;
    }, 'the transfer to be sent');
    return one;
  }

  function goOn(): void {
    chain().holding = false;
    chain().mine();
  }

  it('of a ticket that is queued has it minted to the wallet', async () => {
    chains.sign(blockchain, false);
    const { bought, ticketId } = await sold();
    await world.untilMint(ticketId, { status: 'queued' });
    const wallet = newFakeWallet();
    const { status, body } = await claimOnFake(bought, ticketId, wallet);
    expect([status, body.status, body.wallet, body.pendingWallet]).toEqual([
      ...[200, 'queued', wallet, null],
    ]);
    chains.sign(blockchain, true);
    await world.until(bought, 'completed');
    expect(chain().owners.get(ticketId)).toBe(wallet);
    expect(await world.jobsOf(ticketId, 'transfer')).toEqual([]);
    expect(await world.audited('ticket.claimed', ticketId)).toMatchObject([
      { before: { status: 'queued', wallet: null }, after: { wallet, blockchain } },
    ]);
  });

  it('of a ticket whose mint was given up has it minted to the wallet, once somebody retries', async () => {
    chain().reverts = 3;
    const { bought, ticketId } = await sold();
    const { id } = await world.untilMint(ticketId, { status: 'failed' });
    const wallet = newFakeWallet();
    const { status, body } = await claimOnFake(bought, ticketId, wallet);
    expect([status, body.status, body.wallet]).toEqual([200, 'failed', wallet]);
    expect((await world.admin.post(`/admin/nft/mints/${id}/retry`, {})).status).toBe(200);
    await world.until(bought, 'completed');
    expect(chain().owners.get(ticketId)).toBe(wallet);
  });

  it('while the token is being minted is refused for a moment, and then succeeds', async () => {
    chain().holding = true;
    const { bought, ticketId } = await sold();
    await world.untilMint(ticketId, { status: 'minting' });
    const wallet = newFakeWallet();
    const refused = await claimOnFake(bought, ticketId, wallet);
    expect([refused.status, refused.body.code]).toEqual([409, 'CONFLICT']);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await world.mint(ticketId)).toMatchObject({ recipient: null, claimant: null });
    expect(await world.audited('ticket.claimed', ticketId)).toEqual([]);
    goOn();
    await world.until(bought, 'completed');
    expect((await claimOnFake(bought, ticketId, wallet)).status).toBe(200);
    await world.untilMint(ticketId, { claimant: null, recipient: wallet });
    expect(chain().owners.get(ticketId)).toBe(wallet);
  });

  it('again by the same wallet changes nothing, and by another is refused', async () => {
    const { bought, ticketId, wallet } = await underway();
    const again = await claimOnFake(bought, ticketId, wallet);
    expect([again.status, again.body.pendingWallet]).toEqual([200, wallet]);
    const other = await claimOnFake(bought, ticketId, newFakeWallet());
    expect([other.status, other.body.code]).toEqual([409, 'CONFLICT']);
    expect(other.headers.get('retry-after')).toBeNull();
    goOn();
    await world.untilMint(ticketId, { claimant: null, recipient: wallet });
    expect((await claimOnFake(bought, ticketId, wallet)).body).toMatchObject({ wallet });
    expect(await world.jobsOf(ticketId, 'transfer')).toHaveLength(1);
    expect(await world.audited('ticket.claimed', ticketId)).toHaveLength(1);
  });

  it('of two wallets at once is one wallet’s', async () => {
    const { bought, ticketId } = await minted();
    const wallets = [newFakeWallet(), newFakeWallet(), newFakeWallet()];
    const answers = await Promise.all(wallets.map((each) => claimOnFake(bought, ticketId, each)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const winner = wallets[answers.findIndex(({ status }) => status === 200)] ?? '';
    await world.untilMint(ticketId, { claimant: null, recipient: winner });
    expect(chain().owners.get(ticketId)).toBe(winner);
    expect(await world.jobsOf(ticketId, 'transfer')).toHaveLength(1);
  });

  it('whose transfer fails for good is a person’s, and can be made again', async () => {
    const { bought, ticketId, wallet } = await minted();
    chain().reverts = 3;
    expect((await claimOnFake(bought, ticketId, wallet)).status).toBe(200);
    const mint = await world.untilMint(ticketId, { claimant: null });
    expect([mint.status, mint.recipient]).toEqual(['minted', null]);
    expect(chain().owners.get(ticketId)).toBe(CUSTODY);
    expect(await world.itemsOf(mint)).toEqual([
      { kind: 'token_claim_failed', status: 'open', seen: 1 },
    ]);

    const other = newFakeWallet();
    expect((await claimOnFake(bought, ticketId, other)).body).toMatchObject({
      pendingWallet: other,
    });
    await world.untilMint(ticketId, { claimant: null, recipient: other });
    expect(chain().owners.get(ticketId)).toBe(other);
    expect(await world.itemsOf(mint)).toMatchObject([{ status: 'resolved' }]);
  });

  it.each<[string, MintStatus, (wallet: string) => string]>([
    ['burn', 'revoked', () => 'burned'],
    ['claw_back', 'revoked', () => CUSTODY],
    ['keep', 'minted', (wallet) => wallet],
  ])('that came before the refund is done first, then %s is', async (how, status, endsAt) => {
    const { bought, ticketId, wallet } = await underway({ tokenRevocation: how });
    await world.refund(bought, [ticketId]);
    await revocationHeard(bought);
    expect(await world.mint(ticketId)).toMatchObject({ status: 'minted', claimant: wallet });
    expect(await world.jobsOf(ticketId, 'revoke')).toEqual([]);
    goOn();
    await world.untilMint(ticketId, { claimant: null, recipient: wallet, status });
    expect(chain().owners.get(ticketId)).toBe(endsAt(wallet));
    expect(await world.jobsOf(ticketId, 'revoke')).toHaveLength(how === 'keep' ? 0 : 1);
  });

  it('that comes after the refund is refused, and the token is burned', async () => {
    const { bought, ticketId, wallet } = await minted();
    chain().holding = true;
    await world.refund(bought, [ticketId]);
    await world.untilMint(ticketId, { status: 'revoking' });
    const late = await claimOnFake(bought, ticketId, wallet);
    expect([late.status, late.body.code]).toEqual([409, 'CONFLICT']);
    expect(late.headers.get('retry-after')).toBeNull();
    goOn();
    await world.untilMint(ticketId, { status: 'revoked' });
    expect((await claimOnFake(bought, ticketId, wallet)).status).toBe(409);
    expect(chain().owners.get(ticketId)).toBe('burned');
    expect(await world.jobsOf(ticketId, 'transfer')).toEqual([]);
    expect(await world.mint(ticketId)).toMatchObject({ claimant: null, recipient: null });
  });

  it('that comes after the refund is refused where tokens are kept, which admit nobody', async () => {
    const { bought, ticketId, wallet } = await minted({ tokenRevocation: 'keep' });
    await world.refund(bought, [ticketId]);
    await world.untilMint(ticketId, { revocation: 'keep' });
    const late = await claimOnFake(bought, ticketId, wallet);
    expect([late.status, late.body.code]).toEqual([409, 'CONFLICT']);
    expect(chain().owners.get(ticketId)).toBe(CUSTODY);
    const { tokenId } = await world.mint(ticketId);
    const { body } = await bought.buyer.get(`/nft/metadata/${tokenId}`);
    expect(body.attributes).toContainEqual({ trait_type: 'Status', value: 'revoked' });
  });

  it('at the very time of the refund is taken or refused, and the token is burned either way', async () => {
    const bought = await world.buy(await world.eventOn(blockchain), 6);
    await world.until(bought, 'completed');
    const claims = await Promise.all(
      bought.tickets.flatMap((ticketId) => [
        claimOnFake(bought, ticketId, newFakeWallet()),
        undo(bought, ticketId),
      ]),
    );
    for (const [place, ticketId] of bought.tickets.entries()) {
      const { status = 0 } = claims[2 * place] ?? {};
      expect([200, 409]).toContain(status);
      await world.untilMint(ticketId, { status: 'revoked', claimant: null });
      expect(chain().owners.get(ticketId)).toBe('burned');
      expect(await world.jobsOf(ticketId, 'transfer')).toHaveLength(status === 200 ? 1 : 0);
      expect(await world.jobsOf(ticketId, 'revoke')).toHaveLength(1);
      const { recipient } = await world.mint(ticketId);
      expect(recipient === null).toBe(status === 409);
    }
  });

  /** Takes a ticket's token back without the detour over the outbox, which would come too late. */
  async function undo({ paymentId }: Bought, ticketId: string): Promise<null> {
    const { userId, tenantId } = await world.mint(ticketId);
    const about = { paymentId, userId, tenantId, ticketIds: [ticketId], correlationId: null };
    await world.running.app.get(CommandBus).execute(new RevokeTokens(about));
    return null;
  }

  /** Waits until the tokens of a refunded payment have been told of it, whatever follows from that. */
  function revocationHeard({ paymentId }: Bought): Promise<unknown> {
    return eventually(async () => {
      await world.hurry();
      const rows = await world.query(
        `SELECT FROM saga_commands WHERE key = $1 AND type = $2 AND status = 'done'`,
        [paymentId, REVOKE_TOKENS],
      );
      return rows.length > 0;
    }, 'the refund to be heard');
  }
});
