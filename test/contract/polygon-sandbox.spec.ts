import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChainUnavailable } from '../../src/kernel/chain/chain-unavailable.js';
import { startPolygon } from '../../src/sandbox/polygon/index.js';
import { isAlive } from '../../src/sandbox/process-table.js';
import { nodeOf, PolygonDesk } from './support/polygon-desk.js';

const ALL = 1_000_000;

let desk: PolygonDesk;

beforeEach(async () => {
  desk = await PolygonDesk.open();
});

afterEach(() => desk.close());

const pidIn = (folder: string): number =>
  (JSON.parse(readFileSync(path.join(folder, 'anvil.json'), 'utf8')) as { pid: number }).pid;

async function nextWriting(folder: string): Promise<void> {
  const state = path.join(folder, 'state.json');
  const writtenAt = () => statSync(state, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const before = writtenAt();
  while (writtenAt() === before) await sleep(20);
}

const control = (method: string, way: string, body?: unknown) =>
  fetch(new URL(`/__emulator/${way}`, desk.sandbox.rpcUrl), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('the local chain', () => {
  it('is kept, with its contract, from one start to the next', async () => {
    const [order, burned] = [desk.order(), desk.order()];
    await desk.mint([order, burned]);
    await desk.done(await desk.chain.signRevoke(burned.ticketId, 'burn', desk.place()));
    const { contract } = desk.sandbox;
    await desk.sandbox.close();
    desk = await PolygonDesk.open(desk.folder);
    expect(desk.sandbox.contract).toBe(contract);
    expect(await desk.ownerOf(order)).toBe(order.owner);
    expect(await desk.ownerOf(burned)).toBe('burned');
    expect(await desk.chain.nextNonce()).toBe(2);
    expect(await desk.mint([desk.order()])).toMatchObject({ kind: 'done' });
  });

  it('remembers receipts across a start', async () => {
    const signed = await desk.chain.signMint([desk.order()], desk.place());
    const state = await desk.done(signed);
    await desk.sandbox.close();
    desk = await PolygonDesk.open(desk.folder);
    expect(await desk.settled(signed)).toEqual(state);
  });

  it('outlives who started it, and is taken up by the next', async () => {
    const order = desk.order();
    await desk.mint([order]);
    const pid = pidIn(desk.folder);
    const next = await startPolygon({ folder: desk.folder });
    expect(pidIn(desk.folder)).toBe(pid);
    expect(await nodeOf(next).nonceOf(await next.minter.address(), 'finalized')).toBe(1);
    await next.close();
    expect(isAlive(pid)).toBe(false);
  });

  it('is taken up as it was written down when it was killed', async () => {
    const order = desk.order();
    await desk.mint([order]);
    const pid = pidIn(desk.folder);
    // The writing that goes on now may have begun before.
    for (let written = 0; written < 2; written++) await nextWriting(desk.folder);
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await sleep(5);
    await desk.sandbox.close();
    desk = await PolygonDesk.open(desk.folder);
    expect(await desk.ownerOf(order)).toBe(order.owner);
  });

  it('tells of every token that was made', async () => {
    const [one, two] = [desk.order(), desk.order()];
    await desk.mint([one, two]);
    await desk.mint([one]);
    await desk.done(await desk.chain.signRevoke(two.ticketId, 'burn', desk.place()));
    const tokenIdOf = async (ticketId: string) => (await desk.chain.identityOf(ticketId)).tokenId;
    const tokens = [
      { tokenId: await tokenIdOf(one.ticketId), mints: 1, owner: one.owner },
      { tokenId: await tokenIdOf(two.ticketId), mints: 1, owner: null },
    ];
    expect(await desk.sandbox.tokens()).toEqual(tokens);
    const { contract } = desk.sandbox;
    expect(await (await control('GET', 'tokens')).json()).toEqual({ contract, tokens });
  });

  it('answers what a node answers everybody, and no more', async () => {
    const ask = async (body: unknown) => {
      const answer = await fetch(desk.sandbox.rpcUrl, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return answer.json();
    };
    const question = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] };
    expect(await ask(question)).toEqual({ jsonrpc: '2.0', id: 1, result: '0x7a69' });
    const decree = { ...question, id: 2, method: 'anvil_setBalance', params: ['0x0', '0x0'] };
    const refusal = { code: -32_601, message: 'Method not found' };
    expect(await ask([question, decree])).toEqual([
      { jsonrpc: '2.0', id: 1, result: '0x7a69' },
      { jsonrpc: '2.0', id: 2, error: refusal },
    ]);
  });
});

describe('its faults', () => {
  it('are set from another process as well', async () => {
    const plan = { dropReceiptsPpm: 200_000, seed: 7 };
    const answer = await control('PUT', 'faults', plan);
    expect(await answer.json()).toMatchObject({ ...plan, rejectSendsPpm: 0, isAway: false });
    expect(await (await control('GET', 'faults')).json()).toMatchObject(plan);
    expect((await control('PUT', 'faults', { dropReceipts: 0.2 })).ok).toBe(false);
    expect((await control('POST', 'reorg', { depth: 3 })).ok).toBe(false);
    expect((await control('POST', 'blocks', { count: 2 })).ok).toBe(true);
  });

  it('hide one receipt in five, the same ones for the same seed', async () => {
    const signed = await desk.chain.signMint([desk.order()], desk.place());
    await desk.done(signed);
    const shown = async () => {
      desk.sandbox.setFaults({ dropReceiptsPpm: 200_000, seed: 3 });
      const seen: boolean[] = [];
      for (let i = 0; i < 50; i++) seen.push((await desk.node.receiptOf(signed.id)) !== null);
      return seen;
    };
    const first = await shown();
    expect(first.filter((isShown) => !isShown).length).toBeGreaterThan(3);
    expect(first.filter((isShown) => isShown).length).toBeGreaterThan(25);
    expect(await shown()).toEqual(first);
  });

  it('refuse transactions, which can be sent again', async () => {
    desk.sandbox.setFaults({ rejectSendsPpm: ALL });
    const signed = await desk.chain.signMint([desk.order()], desk.place());
    await expect(desk.chain.send(signed)).rejects.toThrow('txpool is full');
    desk.sandbox.setFaults({});
    expect(await desk.done(signed)).toMatchObject({ kind: 'done' });
  });

  it('forget transactions that were answered as taken', async () => {
    desk.sandbox.setFaults({ loseSendsPpm: ALL });
    const signed = await desk.chain.signMint([desk.order()], desk.place());
    await desk.chain.send(signed);
    expect(await desk.node.knows(signed.id)).toBe(false);
  });

  it('take transactions without saying so', async () => {
    desk.sandbox.setFaults({ cutSendsPpm: ALL });
    const signed = await desk.chain.signMint([desk.order()], desk.place());
    await expect(desk.chain.send(signed)).rejects.toBeInstanceOf(ChainUnavailable);
    expect(await desk.settled(signed)).toMatchObject({ kind: 'done' });
  });

  it('keep answers back', async () => {
    desk.sandbox.setFaults({ delayPpm: ALL, delayMs: 200 });
    const before = performance.now();
    await desk.node.finalBlock();
    // Timers may be a millisecond early.
    expect(performance.now() - before).toBeGreaterThan(190);
  });

  it('take the whole node away', async () => {
    desk.sandbox.setFaults({ isAway: true });
    await expect(nodeOf(desk.sandbox).finalBlock()).rejects.toBeInstanceOf(ChainUnavailable);
    desk.sandbox.setFaults({});
    await expect(nodeOf(desk.sandbox).finalBlock()).resolves.toBeDefined();
  });

  it('stop blocks, and lose the last of them', async () => {
    desk.sandbox.setFaults({ holdsBlocks: true });
    const signed = await desk.chain.signMint([desk.order()], desk.place());
    await desk.chain.send(signed);
    expect(await desk.node.receiptOf(signed.id)).toBeNull();
    await desk.sandbox.makeBlocks(1);
    expect(await desk.node.receiptOf(signed.id)).not.toBeNull();
    expect((await control('POST', 'reorg', { depth: 1 })).ok).toBe(true);
    expect(await desk.node.knows(signed.id)).toBe(false);
  });
});
