import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { loadConfig } from '../../src/kernel/config/index.js';
import { polygonChain } from '../../src/nft/infra/polygon/index.js';
import { solanaChain } from '../../src/nft/infra/solana/index.js';
import type { TicketChain } from '../../src/nft/infra/ticket-chain.js';
import { isAlive } from '../../src/sandbox/process-table.js';
import {
  type SandboxApplication,
  startSandboxApplication,
  stopWorld,
  until,
  worldAddress,
} from '../support/sandbox-application.js';

jest.setTimeout(120_000);

const home = mkdtempSync(path.join(os.tmpdir(), 'sandbox-chains-'));
// Open to PostgreSQL's user: data that lives elsewhere is another spec's subject.
chmodSync(home, 0o711);
const dir = path.join(home, '.sandbox');
const started: SandboxApplication[] = [];

afterAll(async () => {
  for (const app of started) app.process.kill('SIGKILL');
  await stopWorld(dir);
  rmSync(home, { recursive: true, force: true });
});

async function application(): Promise<SandboxApplication> {
  const app = await startSandboxApplication(dir);
  started.push(app);
  return app;
}

/** The chains as an application with this environment has them. */
function chainsOf(env: Readonly<Record<string, string>>): readonly TicketChain[] {
  const { polygon, solana, timeoutMs } = loadConfig(env).chains;
  if (!polygon || !solana) throw new Error('the sandbox has not configured both chains');
  return [polygonChain(polygon, timeoutMs), solanaChain(solana, timeoutMs)];
}

async function mint(chain: TicketChain, ticketId: Uuid): Promise<void> {
  const owner = await chain.signerAddress();
  const order = { ticketId, owner, name: 'Ticket', uri: 'http://127.0.0.1:3005/nft/metadata/1' };
  const signed = await chain.signMint([order], { nonce: await chain.nextNonce() });
  await chain.send(signed);
  await until(async () => (await chain.stateOf(signed)).kind === 'done');
}

const owners = (chains: readonly TicketChain[], ticketId: Uuid) =>
  Promise.all(chains.map(async (chain) => (await chain.ownersOf([ticketId])).get(ticketId)));
const signers = (chains: readonly TicketChain[]) =>
  Promise.all(chains.map((chain) => chain.signerAddress()));
const worldPid = () => worldAddress(dir)?.pid ?? 0;
const anvilPid = () =>
  (JSON.parse(readFileSync(path.join(dir, 'polygon', 'anvil.json'), 'utf8')) as { pid: number })
    .pid;

it('keeps both chains and their signers from start to start, and when it is killed', async () => {
  const ticketId = newId();
  const first = await application();
  const chains = chainsOf(first.env);
  const custody = await signers(chains);
  for (const chain of chains) expect(await chain.balance()).toBeGreaterThan(10n ** 12n - 1n);
  await Promise.all(chains.map((chain) => mint(chain, ticketId)));
  const [world, anvil] = [worldPid(), anvilPid()];
  await first.leave();
  await until(() => !isAlive(world) && !isAlive(anvil));

  const second = await application();
  expect(second.env).toEqual(first.env);
  expect(await signers(chainsOf(second.env))).toEqual(custody);
  expect(await owners(chainsOf(second.env), ticketId)).toEqual(custody);
  const killed = worldPid();
  process.kill(killed, 'SIGKILL');
  await until(() => !isAlive(killed));

  const third = await application();
  expect(third.env).toEqual(first.env);
  expect(await owners(chainsOf(third.env), ticketId)).toEqual(custody);
});

it('tells scripts what its chains are, and how to make trouble on them', async () => {
  const { env } = await application();
  const file = readFileSync(path.join(dir, 'description.json'), 'utf8');
  const { chains, emulators } = JSON.parse(file) as {
    chains: Record<'polygon' | 'solana', { rpcUrl: string; custody: string }>;
    emulators: Record<string, string>;
  };
  expect(chains).toMatchObject({
    polygon: { rpcUrl: env.POLYGON_RPC_URL, contract: env.POLYGON_CONTRACT_ADDRESS },
    solana: { rpcUrl: env.SOLANA_RPC_URL, network: 'localnet' },
    missing: [],
  });
  for (const name of ['polygon', 'solana'] as const) {
    expect(emulators[name]).toBe(chains[name].rpcUrl);
    const faults = await fetch(`${emulators[name] ?? ''}/__emulator/faults`);
    expect(await faults.json()).toMatchObject({ isAway: false });
  }
});
