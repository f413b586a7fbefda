import { setTimeout as sleep } from 'node:timers/promises';
import { ethers, PolygonNode } from '../../src/kernel/chain/polygon/index.js';
import { SignerUnavailable } from '../../src/kernel/chain/signer/index.js';
import { newId } from '../../src/kernel/ids.js';
import { CLAIM_TYPES, claimDomain, PolygonChain } from '../../src/nft/infra/polygon/index.js';
import { readCall } from '../../src/nft/infra/polygon/signing.js';
import { ticketNft } from '../../src/nft/infra/polygon/ticket-contract.js';
import { polygonTokenId } from '../../src/nft/infra/polygon/token-id.js';
import type { SignedTransaction } from '../../src/nft/infra/ticket-chain.js';
import { newWallet, nodeOf, PolygonDesk } from './support/polygon-desk.js';
import { type ChainUnderTest, describeTicketChain, type TestWallet } from './ticket-chain.js';

const ALL = 1_000_000;
const FINAL = 3;
const GWEI = 1_000_000_000n;

let desk: PolygonDesk;

beforeAll(async () => {
  desk = await PolygonDesk.open();
});

afterAll(() => desk.close());

describe('tickets on Polygon', () => {
  const restarted = (node = nodeOf(desk.sandbox)): PolygonChain =>
    new PolygonChain({ node, contract: desk.sandbox.contract, signer: desk.sandbox.minter });

  const walletOnPolygon = (): TestWallet => {
    const wallet = newWallet();
    const domain = claimDomain(desk.sandbox.chainId, desk.sandbox.contract);
    return {
      address: wallet.address,
      sign: (claim) => wallet.signTypedData(domain, CLAIM_TYPES, claim),
    };
  };

  const subject = (): ChainUnderTest => ({
    chain: desk.chain,
    restarted,
    cutOff: () =>
      restarted(new PolygonNode({ rpcUrl: 'http://127.0.0.1:1', chainId: 31_337, timeoutMs: 500 })),
    newWallet: () => Promise.resolve(walletOnPolygon()),
    settle: () => desk.sandbox.makeBlocks(FINAL),
    disturb: (how) => {
      desk.sandbox.setFaults(how === 'transactions' ? { loseSendsPpm: ALL } : { cutSendsPpm: ALL });
      return Promise.resolve();
    },
    calm: () => {
      desk.sandbox.setFaults({});
      return Promise.resolve();
    },
    outdate: async (transaction) => {
      const { nonce } = readCall(transaction);
      const other = await desk.chain.signRevoke(newId(), 'burn', { nonce }, transaction);
      await desk.done(other);
    },
    badAddresses: {
      checksum: newWallet().address.replace(/[a-f]/, (digit) => digit.toUpperCase()),
      zero: ethers().ZeroAddress,
      bare: newWallet().address.slice(2),
      icap: ethers().getIcapAddress(newWallet().address),
      solana: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU',
    },
  });

  describeTicketChain(subject);
});

describe('Polygon alone', () => {
  /** The common suite counts by the chain, these by themselves. */
  beforeAll(() => desk.recount());

  afterEach(() => {
    desk.sandbox.setFaults({});
  });

  const feeOf = (transaction: SignedTransaction) => readCall(transaction).fee;

  it('names a token by keccak256 of the ticket', async () => {
    const ticketId = '0190A5B6-0000-7000-8000-0000000000FF';
    const tokenId = BigInt(ethers().id('0190a5b6-0000-7000-8000-0000000000ff')).toString();
    const identity = { chain: 'polygon', tokenId, base: desk.sandbox.contract };
    expect(await desk.chain.identityOf(ticketId)).toEqual(identity);
  });

  it('mints a hundred tickets with one transaction', async () => {
    const orders = desk.orders(100);
    expect(desk.chain.cut(orders)).toHaveLength(1);
    expect(await desk.mint(orders)).toMatchObject({ kind: 'done' });
    const owners = await desk.chain.ownersOf(orders.map(({ ticketId }) => ticketId));
    expect([...owners.values()]).toEqual(orders.map(({ owner }) => owner));
  });

  it('has the contract keep those URIs alone that it could not tell', async () => {
    const [plain, own] = [desk.order(), desk.order({ uri: 'https://elsewhere.example/7' })];
    await desk.mint([plain]);
    await desk.mint([desk.order(), own]);
    const uriOf = async (ticketId: string) => {
      const data = ticketNft().encodeFunctionData('tokenURI', [polygonTokenId(ticketId)]);
      const answer = await desk.node.call({ to: desk.sandbox.contract, data }, 'latest');
      return ticketNft().decodeFunctionResult('tokenURI', answer)[0] as string;
    };
    expect(await uriOf(plain.ticketId)).toBe(plain.uri);
    expect(await uriOf(own.ticketId)).toBe(own.uri);
    const { data } = readCall(await desk.chain.signMint([plain], { nonce: 0 }));
    expect(ticketNft().decodeFunctionData('mintBatch', data)[2]).toHaveLength(0);
  });

  it('mints as many tickets with long URIs as one transaction has gas for', async () => {
    const uri = `https://elsewhere.example/${'7'.repeat(174)}`;
    const orders = desk.orders(100).map((order) => ({ ...order, uri }));
    const [first = [], ...rest] = desk.chain.cut(orders);
    expect(first.length).toBeGreaterThan(60);
    expect(rest).toHaveLength(1);
    expect(await desk.mint(first)).toMatchObject({ kind: 'done' });
  });

  it('replaces a transaction that waits by a dearer one of the same nonce', async () => {
    desk.sandbox.setFaults({ holdsBlocks: true });
    const [order, place] = [desk.order(), desk.place()];
    const first = await desk.chain.signMint([order], place);
    await desk.chain.send(first);
    const second = await desk.chain.signMint([order], place, first);
    for (const part of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
      expect(feeOf(second)[part] * 8n).toBeGreaterThanOrEqual(feeOf(first)[part] * 9n);
    }
    await desk.chain.send(second);
    // It is not the pool's any more: said again, it changes nothing.
    await desk.chain.send(first);
    desk.sandbox.setFaults({});
    expect(await desk.settled(second)).toMatchObject({ kind: 'done' });
    expect(await desk.settled(first)).toEqual({ kind: 'expired' });
    expect(await desk.ownerOf(order)).toBe(order.owner);
  });

  it('replaces nothing of another nonce', async () => {
    const [order, place] = [desk.order(), desk.place()];
    const first = await desk.chain.signMint([order], place);
    const elsewhere = { nonce: (place.nonce ?? 0) + 1 };
    await expect(desk.chain.signMint([order], elsewhere, first)).rejects.toThrow('same nonce');
    await expect(desk.chain.signMint([order], { nonce: null })).rejects.toThrow('nonce');
    await desk.done(first);
  });

  it('keeps a transaction whose turn has not come', async () => {
    const [one, two] = [desk.order(), desk.order()];
    const first = await desk.chain.signMint([one], desk.place());
    const second = await desk.chain.signMint([two], desk.place());
    await desk.chain.send(second);
    await desk.sandbox.makeBlocks(FINAL);
    expect(await desk.chain.stateOf(second)).toEqual({ kind: 'pending' });
    await desk.chain.send(first);
    expect(await desk.settled(second)).toMatchObject({ kind: 'done' });
    expect(await desk.settled(first)).toMatchObject({ kind: 'done' });
  });

  it('is not done before its block is final, and survives the loss of that block', async () => {
    desk.sandbox.setFaults({ holdsBlocks: true });
    const order = desk.order();
    const signed = await desk.chain.signMint([order], desk.place());
    await desk.chain.send(signed);
    await desk.sandbox.makeBlocks(2);
    expect(await desk.node.receiptOf(signed.id)).not.toBeNull();
    expect(await desk.chain.stateOf(signed)).toEqual({ kind: 'included' });
    expect(await desk.ownerOf(order)).toBeNull();
    await desk.sandbox.reorganize(2);
    expect(await desk.node.receiptOf(signed.id)).toBeNull();
    expect(await desk.chain.stateOf(signed)).toEqual({ kind: 'pending' });
    desk.sandbox.setFaults({});
    expect(await desk.done(signed)).toMatchObject({ kind: 'done' });
    expect(await desk.ownerOf(order)).toBe(order.owner);
  });

  it('believes no missing receipt', async () => {
    desk.sandbox.setFaults({ dropReceiptsPpm: ALL });
    const order = desk.order();
    const signed = await desk.chain.signMint([order], desk.place());
    await desk.chain.send(signed);
    while ((await desk.ownerOf(order)) !== order.owner) await sleep(10);
    expect(await desk.chain.stateOf(signed)).toEqual({ kind: 'pending' });
    desk.sandbox.setFaults({});
    expect(await desk.settled(signed)).toMatchObject({ kind: 'done' });
  });

  it('uses up the nonce of what the contract refuses, and says why', async () => {
    const kept = await desk.kept();
    await desk.mint([kept]);
    const give = () => desk.chain.signTransfer(kept.ticketId, newWallet().address, desk.place());
    const [first, second] = [await give(), await give()];
    expect(await desk.done(first)).toMatchObject({ kind: 'done' });
    const reason = expect.stringMatching(/^ERC721InsufficientApproval\(/);
    expect(await desk.done(second)).toMatchObject({ kind: 'failed', reason });
    expect(await desk.mint([desk.order()])).toMatchObject({ kind: 'done' });
  });

  it('never mints what was burned before it was minted', async () => {
    const order = desk.order();
    await desk.done(await desk.chain.signRevoke(order.ticketId, 'burn', desk.place()));
    expect(await desk.ownerOf(order)).toBe('burned');
    await desk.mint([order]);
    expect(await desk.ownerOf(order)).toBe('burned');
  });

  it('offers what blocks demand', async () => {
    desk.sandbox.setFaults({ baseFeeGwei: 200 });
    await desk.sandbox.makeBlocks(1);
    const signed = await desk.chain.signMint([desk.order()], desk.place());
    expect(feeOf(signed).maxFeePerGas).toBeGreaterThan(300n * GWEI);
    expect(await desk.done(signed)).toMatchObject({ kind: 'done' });
  });

  it('reads without a key', async () => {
    const { contract, minter } = desk.sandbox;
    const reader = new PolygonChain({ node: desk.node, contract, signer: undefined });
    const order = desk.order();
    await desk.mint([order]);
    const owners = await reader.ownersOf([order.ticketId]);
    expect(owners.get(order.ticketId)).toBe(order.owner);
    await expect(reader.signerAddress()).rejects.toBeInstanceOf(SignerUnavailable);
    expect(await desk.chain.signerAddress()).toBe(await minter.address());
  });
});
