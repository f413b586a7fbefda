import { ChainUnavailable } from '../../src/kernel/chain/chain-unavailable.js';
import { isRefusal } from '../../src/kernel/errors.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import type {
  Place,
  SignedTransaction,
  TokenOrder,
  TransactionState,
  WalletClaim,
} from '../../src/nft/infra/ticket-chain.js';
import type { ChainUnderTest } from './support/chain-under-test.js';

export type { ChainUnderTest, TestWallet } from './support/chain-under-test.js';

const PATIENCE_MS = 30_000;
const BASE_URI = 'https://tokens.example.com/nft/metadata/';

/** What every implementation of `TicketChain` does; each runs it against the real thing. */
export function describeTicketChain(subject: () => ChainUnderTest): void {
  const chain = () => subject().chain;
  const place = async (): Promise<Place> => ({ nonce: await chain().nextNonce() });
  const order = async (owner: string, ticketId: Uuid = newId()): Promise<TokenOrder> => {
    const { tokenId } = await chain().identityOf(ticketId);
    return { ticketId, owner, name: 'Open air · Friday', uri: BASE_URI + tokenId };
  };
  const inCustody = async (ticketId?: Uuid) => order(await chain().signerAddress(), ticketId);
  const inWallet = async () => {
    const wallet = await subject().newWallet();
    return { wallet, asked: await order(wallet.address) };
  };
  /** Reads until the chain has decided. */
  const outcome = async (transaction: SignedTransaction): Promise<TransactionState> => {
    const until = Date.now() + PATIENCE_MS;
    let state = await chain().stateOf(transaction);
    while ((state.kind === 'pending' || state.kind === 'included') && Date.now() < until) {
      await subject().settle();
      state = await chain().stateOf(transaction);
    }
    return state;
  };
  const done = async (transaction: SignedTransaction): Promise<TransactionState> => {
    await chain().send(transaction);
    return outcome(transaction);
  };
  const mint = async (...orders: TokenOrder[]): Promise<void> => {
    for (const cut of chain().cut(orders)) {
      expect(await done(await chain().signMint(cut, await place()))).toMatchObject({
        kind: 'done',
      });
    }
  };
  const ownerOf = async (ticketId: Uuid) => (await chain().ownersOf([ticketId])).get(ticketId);

  /** A transfer that the chain will refuse; undefined where the node says so already on signing. */
  const signLate = async (ticketId: Uuid, to: string) => {
    try {
      return await chain().signTransfer(ticketId, to, await place());
    } catch (error) {
      expect(error).not.toBeInstanceOf(ChainUnavailable);
      return undefined;
    }
  };

  afterEach(() => subject().calm());

  it('names a token by its ticket alone, in every process', async () => {
    const [one, other] = [newId(), newId()];
    const identity = await chain().identityOf(one);
    expect(identity.chain).toBe(chain().name);
    expect(await subject().restarted().identityOf(one.toUpperCase())).toEqual(identity);
    expect((await chain().identityOf(other)).tokenId).not.toBe(identity.tokenId);
  });

  it('cuts a job into transactions without losing an order or its turn', async () => {
    const orders = await Promise.all(Array.from({ length: chain().most }, () => inCustody()));
    const cuts = chain().cut(orders);
    expect(cuts.flat()).toEqual(orders);
    expect(cuts.every((cut) => cut.length > 0)).toBe(true);
    expect(chain().cut([])).toEqual([]);
  });

  it('mints to a wallet and into custody, and says what it cost', async () => {
    const { wallet, asked } = await inWallet();
    const kept = await inCustody();
    const before = await chain().balance();
    let gas = 0n;
    for (const cut of chain().cut([asked, kept])) {
      const state = await done(await chain().signMint(cut, await place()));
      expect(state).toMatchObject({ kind: 'done' });
      if (state.kind === 'done') gas += state.gas;
    }
    expect(gas).toBeGreaterThan(0n);
    expect(before - (await chain().balance())).toBe(gas);
    const unknown = newId();
    expect(await chain().ownersOf([asked.ticketId, kept.ticketId, unknown])).toEqual(
      new Map([
        [asked.ticketId, wallet.address],
        [kept.ticketId, kept.owner],
        [unknown, null],
      ]),
    );
  });

  it('mints a whole job', async () => {
    const orders = await Promise.all(Array.from({ length: 7 }, () => inCustody()));
    await mint(...orders);
    const owners = await chain().ownersOf(orders.map(({ ticketId }) => ticketId));
    expect([...owners.values()]).toEqual(orders.map(({ owner }) => owner));
  });

  it('knows the id of a transaction before it is sent, and nothing happens until it is', async () => {
    const asked = await inCustody();
    const signed = await chain().signMint([asked], await place());
    expect(signed).toMatchObject({ ticketIds: [asked.ticketId] });
    await subject().settle();
    expect(await chain().stateOf(signed)).toEqual({ kind: 'pending' });
    expect(await ownerOf(asked.ticketId)).toBeNull();
    expect(chain().linkTo(signed.id)).toBeNull();
  });

  it('makes one token of the same bytes, however often and by whomever they are sent', async () => {
    const asked = await inCustody();
    const { bytes, ...signed } = await chain().signMint([asked], await place());
    const stored = { ...signed, bytes: Buffer.from(bytes) };
    await Promise.all([chain().send(stored), chain().send(stored), chain().send(stored)]);
    const state = await outcome(stored);
    expect(state).toMatchObject({ kind: 'done' });
    const restarted = subject().restarted();
    await restarted.send(stored);
    await subject().settle();
    expect(await restarted.stateOf(stored)).toEqual(state);
    expect(await restarted.ownersOf([asked.ticketId])).toEqual(
      new Map([[asked.ticketId, asked.owner]]),
    );
  });

  it('changes nothing when a ticket is minted a second time', async () => {
    const { wallet, asked } = await inWallet();
    await mint(asked);
    const again = await chain().signMint([await inCustody(asked.ticketId)], await place());
    expect(['done', 'failed']).toContain((await done(again)).kind);
    expect(await ownerOf(asked.ticketId)).toBe(wallet.address);
  });

  it('burns the token of whoever has it, for good', async () => {
    const { asked } = await inWallet();
    await mint(asked);
    const burning = await chain().signRevoke(asked.ticketId, 'burn', await place());
    expect(await done(burning)).toMatchObject({ kind: 'done' });
    expect(await ownerOf(asked.ticketId)).toBe('burned');
    const again = await chain().signMint([asked], await place());
    expect(['done', 'failed']).toContain((await done(again)).kind);
    expect(await ownerOf(asked.ticketId)).toBe('burned');
  });

  it('tells of which tickets there is a token, or was one that is burned', async () => {
    const [{ asked }, kept, burned] = [await inWallet(), await inCustody(), await inCustody()];
    await mint(asked, kept, burned);
    await done(await chain().signRevoke(burned.ticketId, 'burn', await place()));
    const signed = await inCustody();
    await chain().signMint([signed], await place());
    const minted = [asked, kept, burned].map(({ ticketId }) => ticketId);
    const unknown = Array.from({ length: 120 }, () => newId());
    const existing = await chain().existing([signed.ticketId, ...unknown, ...minted]);
    expect(existing).toEqual(new Set(minted));
    expect(await chain().existing([])).toEqual(new Set());
  });

  it('claws a token back into custody', async () => {
    const { asked } = await inWallet();
    await mint(asked);
    const revoking = await chain().signRevoke(asked.ticketId, 'claw_back', await place());
    expect(await done(revoking)).toMatchObject({ kind: 'done' });
    expect(await ownerOf(asked.ticketId)).toBe(await chain().signerAddress());
  });

  it('hands a token from custody to the wallet that claimed it', async () => {
    const [kept, wallet] = [await inCustody(), await subject().newWallet()];
    await mint(kept);
    const handing = await chain().signTransfer(kept.ticketId, wallet.address, await place());
    expect(await done(handing)).toMatchObject({ kind: 'done' });
    expect(await ownerOf(kept.ticketId)).toBe(wallet.address);
  });

  it('says for good when a transaction failed, and what it cost all the same', async () => {
    const [kept, wallet] = [await inCustody(), await subject().newWallet()];
    await mint(kept);
    const first = await chain().signTransfer(kept.ticketId, wallet.address, await place());
    expect(await done(first)).toMatchObject({ kind: 'done' });
    const second = await signLate(kept.ticketId, (await subject().newWallet()).address);
    if (second === undefined) return;
    const state = await done(second);
    expect(state.kind).toBe('failed');
    if (state.kind !== 'failed') return;
    expect(state.reason).not.toBe('');
    expect(state.gas).toBeGreaterThan(0n);
    expect(await ownerOf(kept.ticketId)).toBe(wallet.address);
  });
  it('sends again what was lost on its way', async () => {
    const asked = await inCustody();
    const signed = await chain().signMint([asked], await place());
    await subject().disturb('transactions');
    await chain()
      .send(signed)
      .catch(() => undefined);
    await subject().settle();
    expect(await chain().stateOf(signed)).toEqual({ kind: 'pending' });
    await subject().calm();
    expect(await done(signed)).toMatchObject({ kind: 'done' });
    expect(await ownerOf(asked.ticketId)).toBe(asked.owner);
  });

  it('finds what was sent though no answer came', async () => {
    const asked = await inCustody();
    const signed = await chain().signMint([asked], await place());
    await subject().disturb('answers');
    await chain()
      .send(signed)
      .catch(() => undefined);
    await subject().calm();
    expect(await outcome(signed)).toMatchObject({ kind: 'done' });
    expect(await ownerOf(asked.ticketId)).toBe(asked.owner);
  });

  it('tells when a transaction can never come any more; then another one may', async () => {
    const asked = await inCustody();
    const late = await chain().signMint([asked], await place());
    await subject().outdate(late);
    expect(await chain().stateOf(late)).toEqual({ kind: 'expired' });
    await chain()
      .send(late)
      .catch(() => undefined);
    await subject().settle();
    expect(await chain().stateOf(late)).toEqual({ kind: 'expired' });
    expect(await ownerOf(asked.ticketId)).toBeNull();
    await mint(asked);
    expect(await ownerOf(asked.ticketId)).toBe(asked.owner);
  });

  it('takes the address of a wallet in its canonical form, and no other text', async () => {
    const { address } = await subject().newWallet();
    expect(chain().parseAddress(address)).toBe(address);
    const bad = {
      ...subject().badAddresses,
      nothing: '',
      text: 'not an address',
      long: address + address,
    };
    const taken = Object.entries(bad).filter(([, text]) => !isRefusal(chain().parseAddress(text)));
    expect(taken).toEqual([]);
    const [, some = ''] = Object.entries(bad)[0] ?? [];
    expect(chain().parseAddress(some)).toMatchObject({ refused: 'VALIDATION_ERROR' });
  });

  it('believes a claim that its wallet signed, and nothing else', async () => {
    const [wallet, thief] = [await subject().newWallet(), await subject().newWallet()];
    const claim = { ticketId: newId(), wallet: wallet.address, expiresAt: 1_900_000_000 };
    const signature = await wallet.sign(claim);
    const verify = (changes: Partial<WalletClaim>) =>
      chain().verifyClaim({ ...claim, signature, ...changes });
    expect(await verify({})).toBe(true);
    expect(await verify({ ticketId: newId() })).toBe(false);
    expect(await verify({ wallet: thief.address })).toBe(false);
    expect(await verify({ expiresAt: claim.expiresAt + 1 })).toBe(false);
    expect(await verify({ signature: await thief.sign(claim) })).toBe(false);
    for (const nonsense of ['', '0x', 'nonsense', signature.slice(0, -2), `${signature}1`]) {
      expect(await verify({ signature: nonsense })).toBe(false);
    }
  });

  it('says that the node cannot be asked, whatever it was to be asked', async () => {
    const asked = await inCustody();
    const signed = await chain().signMint([asked], await place());
    const nowhere = subject().cutOff();
    const [here, ticketId] = [{ nonce: await chain().nextNonce() }, asked.ticketId];
    const questions: Promise<unknown>[] = [
      nowhere.signMint([asked], here),
      nowhere.signRevoke(ticketId, 'burn', here),
      nowhere.signTransfer(ticketId, asked.owner, here),
      nowhere.send(signed),
      nowhere.stateOf(signed),
      nowhere.ownersOf([ticketId]),
      nowhere.existing([ticketId]),
      nowhere.balance(),
      ...(here.nonce === null ? [] : [nowhere.nextNonce()]),
    ];
    const answers = await Promise.allSettled(questions);
    const answered = answers.filter(
      (answer) => answer.status === 'fulfilled' || !(answer.reason instanceof ChainUnavailable),
    );
    expect(answered).toEqual([]);
  });
}
