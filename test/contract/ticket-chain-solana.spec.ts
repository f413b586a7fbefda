import { ChainUnavailable } from '../../src/kernel/chain/chain-unavailable.js';
import { SolanaNode, toBase58 } from '../../src/kernel/chain/solana/index.js';
import { newId } from '../../src/kernel/ids.js';
import { mintAddressOf, SolanaChain } from '../../src/nft/infra/solana/index.js';
import { solanaLibraries } from '../../src/nft/infra/solana/libraries.js';
import {
  mintTransactionBytes,
  TRANSACTION_BYTES,
} from '../../src/nft/infra/solana/transaction-size.js';
import {
  claimText,
  type SignedTransaction,
  type WalletClaim,
} from '../../src/nft/infra/ticket-chain.js';
import { BASE_URI, NewKey, nodeOf, PLACE, SolanaDesk } from './support/solana-desk.js';
import { describeTicketChain } from './ticket-chain.js';

let desk: SolanaDesk;
beforeAll(async () => {
  desk = await SolanaDesk.open();
});
afterAll(() => desk.close());

const DISTURBANCE = {
  transactions: { loseSendsPpm: 1_000_000 },
  answers: { cutSendsPpm: 1_000_000 },
};

describe('tickets on Solana', () => {
  describeTicketChain(() => ({
    chain: desk.chain,
    restarted: () => new SolanaChain({ node: nodeOf(desk.sandbox), signer: desk.signer }),
    cutOff: () =>
      new SolanaChain({ node: nodeOf({ rpcUrl: 'http://127.0.0.1:1' }), signer: desk.signer }),
    newWallet: () => {
      const key = new NewKey();
      const sign = async (claim: Omit<WalletClaim, 'signature'>) =>
        toBase58(await key.sign(Buffer.from(claimText(claim, desk.chain.network))));
      return { address: key.text, sign };
    },
    settle: () => desk.settle(),
    disturb: (how) => desk.sandbox.setFaults(DISTURBANCE[how]),
    calm: () => desk.sandbox.setFaults({}),
    outdate: () => desk.sandbox.expireBlockhashes(),
    badAddresses: {
      'the system program': '11111111111111111111111111111111',
      'an account that a program derives': 'ApovfWPHspfkRyuXbXTcHtrC8VubMWjqg3kYCZ8SJSEM',
      'letters that base 58 has not': '0OIl111111111111111111111111111111',
      'another chain’s': '0x5FbDB2315678afecb367f032d93F642f64180aa3',
      'a byte too few': 'So1111111111111111111111111111111111111111',
    },
  }));

  it('mints nothing by its address alone: lamports that somebody sent there are in nobody’s way', async () => {
    const order = await desk.order();
    desk.sandbox.fund(mintAddressOf(order.ticketId, order.owner), 900_000);
    expect(await desk.ownerOf(order)).toBeNull();
    expect(await desk.mint(order)).toMatchObject({ kind: 'done' });
    expect(await desk.ownerOf(order)).toBe(order.owner);
  });

  it('locks the supply, keeps the metadata with the mint, and lets nobody close it', async () => {
    const order = await desk.order({ name: 'Open air · Friday' });
    await desk.mint(order);
    const { token, metadata, web3 } = await solanaLibraries();
    const mint = new web3.PublicKey(mintAddressOf(order.ticketId, order.owner));
    const [account = null] = await desk.node.accounts([mint.toBase58()], 'finalized');
    const facts = token.unpackMint(mint, account, token.TOKEN_2022_PROGRAM_ID);
    expect(facts).toMatchObject({
      supply: 1n,
      decimals: 0,
      mintAuthority: null,
      freezeAuthority: null,
    });
    expect(token.getMetadataPointerState(facts)).toEqual({
      authority: null,
      metadataAddress: mint,
    });
    expect(token.getPermanentDelegate(facts)?.delegate.toBase58()).toBe(order.owner);
    expect(token.getMintCloseAuthority(facts)).toBeNull();
    const text = token.getExtensionData(token.ExtensionType.TokenMetadata, facts.tlvData);
    expect(metadata.unpack(text ?? Buffer.alloc(0))).toMatchObject({
      name: order.name,
      symbol: 'TICKET',
      uri: order.uri,
    });
  });

  it('derives the address as the system program does', async () => {
    const { token, web3 } = await solanaLibraries();
    const [ticketId, base] = [newId(), new NewKey().text];
    const seed = ticketId.replaceAll('-', '');
    const derived = await web3.PublicKey.createWithSeed(
      new web3.PublicKey(base),
      seed,
      token.TOKEN_2022_PROGRAM_ID,
    );
    expect(mintAddressOf(ticketId, base)).toBe(derived.toBase58());
  });

  it.each([
    ['long texts', ['An evening with everybody · 2027'], BASE_URI],
    ['texts that are hardly any', ['A', 'B'], 'x:'],
    ['more bytes than letters', ['Zürich · Größe · 東京'], BASE_URI],
  ])('knows the size of a transaction before it is made: %s', async (_, names, prefix) => {
    const orders = await Promise.all(
      names.map(async (name) => {
        const order = await desk.order({ name });
        return { ...order, uri: order.uri.replace(BASE_URI, prefix).slice(0, 60) };
      }),
    );
    const [first] = orders;
    const inWallets = orders.map((order) => ({ ...order, owner: new NewKey().text }));
    const { bytes } = await desk.chain.signMint(orders, PLACE);
    expect(mintTransactionBytes(orders, first?.owner)).toBe(bytes.length);
    const signed = desk.chain.signMint(inWallets.slice(0, 1), PLACE);
    expect(mintTransactionBytes(inWallets.slice(0, 1), first?.owner)).toBe(
      (await signed).bytes.length,
    );
  });

  it('puts two tickets into one transaction where they fit, and never more than fit', async () => {
    const small = await Promise.all(
      ['A', 'B', 'C'].map(async (name) => ({ ...(await desk.order({ name })), uri: 'x:1' })),
    );
    const cuts = desk.chain.cut(small);
    expect(cuts.map((cut) => cut.length)).toEqual([2, 1]);
    expect(await desk.mint(...(cuts[0] ?? []))).toMatchObject({ kind: 'done' });
    const large = await Promise.all(small.map(() => desk.order({ uri: 'u'.repeat(200) })));
    expect(desk.chain.cut(large).map((cut) => cut.length)).toEqual([1, 1, 1]);
    expect(mintTransactionBytes(large, large[0]?.owner)).toBeGreaterThan(TRANSACTION_BYTES);
    await expect(desk.chain.signMint(large, PLACE)).rejects.toThrow();
  });

  it('signs nothing in the place of a transaction that may still come', async () => {
    const order = await desk.order();
    const first = await desk.chain.signMint([order], PLACE);
    const tooEarly = desk.chain.signMint([order], PLACE, first);
    await expect(tooEarly).rejects.toThrow(`${first.id} is pending`);
    await expect(tooEarly).rejects.toBeInstanceOf(ChainUnavailable);
    desk.sandbox.expireBlockhashes();
    const second = await desk.chain.signMint([order], PLACE, first);
    expect(second.id).not.toBe(first.id);
    expect(await desk.done(second)).toMatchObject({ kind: 'done' });
    await expect(desk.chain.signMint([order], PLACE, second)).rejects.toThrow('done');
  });

  it('pays what those paid who were in a hurry, once a transaction has expired', async () => {
    const { web3 } = await solanaLibraries();
    const priceOf = ({ bytes }: SignedTransaction) => {
      const { message } = web3.VersionedTransaction.deserialize(bytes);
      return Buffer.from(message.compiledInstructions[1]?.data ?? []).readBigUInt64LE(1);
    };
    const order = await desk.order();
    const paid = Array.from({ length: 100 }, (_, index) => index + 1);
    jest.spyOn(desk.node, 'priorityFees').mockResolvedValue(paid);
    const first = await desk.chain.signMint([order], PLACE);
    desk.sandbox.expireBlockhashes();
    const second = await desk.chain.signMint([order], PLACE, first);
    jest.restoreAllMocks();
    expect([first, second].map(priceOf)).toEqual([75n, 95n]);
  });

  it('asks for the holders of many tokens a few at once', async () => {
    const orders = await Promise.all(
      Array.from({ length: 25 }, () => desk.order({ owner: new NewKey().text })),
    );
    for (const cut of desk.chain.cut(orders)) await desk.mint(...cut);
    const held = desk.node.holderOf.bind(desk.node);
    let [asked, open, most] = [0, 0, 0];
    jest.spyOn(desk.node, 'holderOf').mockImplementation((...question) => {
      asked += 1;
      open += 1;
      most = Math.max(most, open);
      return held(...question).finally(() => (open -= 1));
    });
    const ids = orders.map(({ ticketId }) => ticketId);
    expect(await desk.chain.existing(ids)).toEqual(new Set(ids));
    expect(asked).toBe(0);
    const owners = await desk.chain.ownersOf(ids);
    expect([asked, most]).toEqual([25, 10]);
    jest.restoreAllMocks();
    expect([...owners.values()]).toEqual(orders.map(({ owner }) => owner));
  });

  it('does not call expired what no final block is past, nor owned what is not final', async () => {
    const order = await desk.order();
    const signed = await desk.chain.signMint([order], PLACE);
    expect(await desk.chain.stateOf(signed)).toEqual({ kind: 'pending' });
    await desk.chain.send(signed);
    expect(await desk.chain.stateOf(signed)).toEqual({ kind: 'included' });
    expect(await desk.ownerOf(order)).toBeNull();
    await expect(desk.chain.signMint([order], PLACE, signed)).rejects.toThrow(ChainUnavailable);
    desk.sandbox.setFaults({ dropReceiptsPpm: 1_000_000 });
    desk.sandbox.makeBlocks(149);
    expect(await desk.chain.stateOf(signed)).toEqual({ kind: 'pending' });
    desk.sandbox.setFaults({});
    expect(await desk.chain.stateOf(signed)).toMatchObject({ kind: 'done' });
  });

  it('is saved by the chain when a node has forgotten what it did', async () => {
    const order = await desk.order();
    const first = await desk.chain.signMint([order], PLACE);
    await desk.done(first);
    desk.sandbox.expireBlockhashes();
    desk.sandbox.setFaults({ dropReceiptsPpm: 1_000_000 });
    expect(await desk.chain.stateOf(first)).toEqual({ kind: 'expired' });
    const second = await desk.chain.signMint([order], PLACE, first);
    desk.sandbox.setFaults({});
    expect(await desk.done(second)).toMatchObject({ kind: 'failed' });
    expect(await desk.ownerOf(order)).toBe(order.owner);
  });

  it('signs nothing that the signer cannot pay for', async () => {
    const poor = new SolanaChain({ node: desk.node, signer: new NewKey() });
    const order = { ...(await desk.order()), owner: await poor.signerAddress() };
    await expect(poor.signMint([order], PLACE)).rejects.toBeInstanceOf(ChainUnavailable);
  });

  it('has nothing to do with a node of another cluster', async () => {
    const { rpcUrl } = desk.sandbox;
    const node = new SolanaNode({ rpcUrl, cluster: 'mainnet-beta', timeoutMs: 5_000 });
    const elsewhere = new SolanaChain({ node, signer: desk.signer });
    const order = await desk.order();
    await expect(elsewhere.signMint([order], PLACE)).rejects.toThrow(
      'the node is of localnet, not of mainnet-beta',
    );
    expect(elsewhere.network).toBe('solana-mainnet');
    expect(elsewhere.linkTo('abc')).toBe('https://explorer.solana.com/tx/abc');
  });

  it('goes on after its node was started again', async () => {
    const order = await desk.order();
    const signed = await desk.chain.signMint([order], PLACE);
    await desk.chain.send(signed);
    await desk.restart();
    desk.settle();
    expect(await desk.chain.stateOf(signed)).toMatchObject({ kind: 'done' });
    expect(await desk.ownerOf(order)).toBe(order.owner);
  });
});
