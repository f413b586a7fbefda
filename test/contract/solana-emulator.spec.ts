import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Connection,
  Keypair,
  LAMPORTS_PER_SOL,
  PublicKey,
  SystemProgram,
  Transaction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import { type SolanaSandbox, startSolana } from '../../src/sandbox/solana/index.js';

const FEE = 5_000;

let now = 0;
let folder: string;
let sandbox: SolanaSandbox;
let connection: Connection;
const [payer, other] = [Keypair.generate(), Keypair.generate()];

/** Half a second a block, final after two. */
const start = async () => {
  sandbox = await startSolana({ folder, blockMs: 500, clock: () => now });
  connection = new Connection(sandbox.rpcUrl, {
    commitment: 'processed',
    disableRetryOnRateLimit: true,
  });
};
const restart = async (between?: () => void) => {
  await sandbox.close();
  between?.();
  await start();
};

beforeEach(async () => {
  now = 1_800_000_000_000;
  folder = mkdtempSync(path.join(tmpdir(), 'solana-'));
  await start();
  sandbox.fund(payer.publicKey.toBase58(), 10 * LAMPORTS_PER_SOL);
});
afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const transfer = async (lamports = LAMPORTS_PER_SOL, from = payer) => {
  const { blockhash } = await connection.getLatestBlockhash();
  const instruction = SystemProgram.transfer({
    fromPubkey: from.publicKey,
    toPubkey: other.publicKey,
    lamports,
  });
  const message = new TransactionMessage({
    payerKey: from.publicKey,
    recentBlockhash: blockhash,
    instructions: [instruction],
  });
  const transaction = new VersionedTransaction(message.compileToV0Message());
  transaction.sign([from]);
  return transaction.serialize();
};
const send = (bytes: Uint8Array, skipPreflight = true) =>
  connection.sendRawTransaction(bytes, { skipPreflight });
const statusOf = async (signature: string) =>
  (await connection.getSignatureStatuses([signature])).value[0];
const balanceOf = ({ publicKey }: Keypair, commitment: 'finalized' | 'processed' = 'processed') =>
  connection.getBalance(publicKey, commitment);
const ask = async (method: string, ...params: unknown[]) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(sandbox.rpcUrl, { method: 'POST', headers, body });
  return { status: response.status, ...((await response.json()) as object) };
};
const control = (method: 'POST' | 'PUT', name: string, body?: object) =>
  fetch(`${sandbox.rpcUrl}/__emulator/${name}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

describe('the Solana emulator', () => {
  it('confirms a transaction with the blocks that come by time, and then shows what it did', async () => {
    const signature = await send(await transfer());
    expect(await statusOf(signature)).toMatchObject({ confirmationStatus: 'processed', err: null });
    expect(await balanceOf(other)).toBe(LAMPORTS_PER_SOL);
    expect(await balanceOf(other, 'finalized')).toBe(0);
    now += 500;
    expect(await statusOf(signature)).toMatchObject({ confirmationStatus: 'confirmed' });
    now += 500;
    expect(await statusOf(signature)).toMatchObject({ confirmationStatus: 'finalized' });
    expect(await balanceOf(other, 'finalized')).toBe(LAMPORTS_PER_SOL);
    const shown = await connection.getTransaction(signature, {
      commitment: 'finalized',
      maxSupportedTransactionVersion: 0,
    });
    expect(shown?.meta).toMatchObject({ err: null, fee: FEE });
    expect(shown?.meta?.postBalances[0]).toBe(9 * LAMPORTS_PER_SOL - FEE);
    expect(shown?.transaction.message.staticAccountKeys[0]).toEqual(payer.publicKey);
  });

  it('takes legacy transactions too', async () => {
    const transaction = new Transaction().add(
      SystemProgram.transfer({
        fromPubkey: payer.publicKey,
        toPubkey: other.publicKey,
        lamports: LAMPORTS_PER_SOL,
      }),
    );
    transaction.recentBlockhash = (await connection.getLatestBlockhash()).blockhash;
    transaction.sign(payer);
    expect(await connection.getFeeForMessage(transaction.compileMessage())).toMatchObject({
      value: FEE,
    });
    await send(transaction.serialize());
    expect(await balanceOf(other)).toBe(LAMPORTS_PER_SOL);
  });

  it('executes the same bytes once', async () => {
    const bytes = await transfer();
    const signature = await send(bytes);
    expect(await send(bytes)).toBe(signature);
    expect(await balanceOf(other)).toBe(LAMPORTS_PER_SOL);
    await expect(send(bytes, false)).rejects.toThrow('already been processed');
  });

  it('tries out first where it is asked to, and else lets a transaction fail and cost', async () => {
    const bytes = await transfer(100 * LAMPORTS_PER_SOL);
    await expect(send(bytes, false)).rejects.toThrow('Simulation failed');
    expect(await balanceOf(payer)).toBe(10 * LAMPORTS_PER_SOL);
    const signature = await send(bytes);
    expect(await statusOf(signature)).toMatchObject({
      err: { InstructionError: [0, { Custom: 1 }] },
    });
    expect(await balanceOf(payer)).toBe(10 * LAMPORTS_PER_SOL - FEE);
  });

  it('never takes what nobody can pay for or nobody signed', async () => {
    const poor = await send(await transfer(1, Keypair.generate()));
    const forged = Buffer.from(await transfer());
    forged[10] = (forged[10] ?? 0) ^ 1;
    const unsigned = await send(forged);
    expect([await statusOf(poor), await statusOf(unsigned)]).toEqual([null, null]);
    expect(await balanceOf(other)).toBe(0);
  });

  it('takes a block hash for 150 blocks and no longer', async () => {
    const [intime, late] = [await transfer(LAMPORTS_PER_SOL), await transfer(2 * LAMPORTS_PER_SOL)];
    now += 150 * 500;
    await send(intime);
    now += 500;
    const signature = await send(late);
    expect(await statusOf(signature)).toBeNull();
    await expect(send(late, false)).rejects.toThrow('Blockhash not found');
    expect(await balanceOf(other)).toBe(LAMPORTS_PER_SOL);
    const expiring = await transfer();
    expect((await control('POST', 'expire')).status).toBe(200);
    expect(await statusOf(await send(expiring))).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['two bytes', '0102'],
    ['a count without an end', 'ffffff'],
    ['accounts that are not there', `01${'00'.repeat(64)}80010001ff`],
    ['more than a packet', '00'.repeat(1_233)],
  ])('refuses %s, and lives on', async (_, hex) => {
    const text = Buffer.from(hex, 'hex').toString('base64');
    expect(await ask('sendTransaction', text, { encoding: 'base64' })).toMatchObject({
      status: 200,
      error: { code: -32_602 },
    });
    expect(await ask('getHealth')).toMatchObject({ result: 'ok' });
  });

  it('survives every way to cut off or change a good transaction', async () => {
    const bytes = Buffer.from(await transfer());
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      for (const attempt of [bytes.subarray(0, at), changed]) {
        const answer = await ask('sendTransaction', attempt.toString('base64'), {
          encoding: 'base64',
          skipPreflight: true,
        });
        expect(answer.status).toBe(200);
      }
    }
    expect(await balanceOf(other)).toBe(0);
  });

  it('answers batches, and what it does not know', async () => {
    const requests = ['getSlot', 'getHealth', 'constructor'].map((method, id) => ({
      jsonrpc: '2.0',
      id,
      method,
      params: [],
    }));
    const response = await fetch(sandbox.rpcUrl, {
      method: 'POST',
      body: JSON.stringify(requests),
    });
    expect(await response.json()).toMatchObject([
      { id: 0, result: 0 },
      { id: 1, result: 'ok' },
      { id: 2, error: { code: -32_601 } },
    ]);
    expect(await ask('getBalance', 'nonsense')).toMatchObject({ error: { code: -32_602 } });
  });

  it('loses transactions, answers and receipts as it is told', async () => {
    const one = await transfer();
    expect((await control('PUT', 'faults', { loseSendsPpm: 1_000_000 })).status).toBe(200);
    expect(await statusOf(await send(one))).toBeNull();
    sandbox.setFaults({ cutSendsPpm: 1_000_000 });
    await expect(send(one)).rejects.toThrow('502');
    sandbox.setFaults({ dropReceiptsPpm: 1_000_000 });
    const signature = PublicKey.default.toBase58().repeat(2);
    expect(await statusOf(signature)).toBeNull();
    sandbox.setFaults({});
    expect(await balanceOf(other)).toBe(LAMPORTS_PER_SOL);
    sandbox.setFaults({ isAway: true });
    await expect(balanceOf(other)).rejects.toThrow('503');
    expect((await control('PUT', 'faults', { unheardOf: 1 })).status).toBe(422);
  });

  it('draws the same faults of the same seed', async () => {
    const draw = async () => {
      sandbox.setFaults({ seed: 7, refusePpm: 500_000 });
      const answers = [];
      for (let n = 0; n < 20; n++) answers.push((await ask('getHealth')).status);
      return answers;
    };
    const first = await draw();
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await draw()).toEqual(first);
  });

  it('goes on where it was, also when it was killed', async () => {
    const genesis = await connection.getGenesisHash();
    const signature = await send(await transfer());
    sandbox.makeBlocks(10);
    const height = await connection.getBlockHeight('processed');
    const early = await transfer(2 * LAMPORTS_PER_SOL);
    await restart();
    expect(await connection.getGenesisHash()).toBe(genesis);
    expect(await connection.getBlockHeight('processed')).toBe(height);
    expect(await statusOf(signature)).toMatchObject({ confirmationStatus: 'finalized' });
    // What a kill leaves: the accounts as they were saved before, and a line half written.
    const accounts = path.join(folder, 'accounts.bin');
    const saved = readFileSync(accounts);
    await send(early);
    await restart(() => {
      writeFileSync(accounts, saved);
      appendFileSync(path.join(folder, 'ledger.jsonl'), '{"kind":"transac');
    });
    expect(await balanceOf(other)).toBe(3 * LAMPORTS_PER_SOL);
    await restart(() => {
      writeFileSync(accounts, 'of another version');
    });
    expect(await balanceOf(other)).toBe(3 * LAMPORTS_PER_SOL);
    expect(await balanceOf(payer)).toBe(7 * LAMPORTS_PER_SOL - 2 * FEE);
  });
});
