import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfPresent, writeAtomic } from '../atomic-file.js';
import { logSince, roomInLog } from '../log-file.js';
import { freePortNear } from '../ports.js';
import { commandLine, isAlive } from '../process-table.js';
import { anvilProgram } from './anvil-program.js';
import { type AnvilRpc, anvilRpc } from './anvil-rpc.js';

export const CHAIN_ID = 31_337;

const POLL_MS = 10;
const PATIENCE_MS = 30_000;
const TRIES = 3;

/** A running anvil, which makes no block unless told to. */
export interface Anvil {
  readonly pid: number;
  readonly url: string;
  readonly rpc: AnvilRpc;
  /** Ends it with its state written. */
  stop(): Promise<void>;
}

interface Running {
  readonly pid: number;
  readonly port: number;
}

/**
 * Starts a chain in a folder, or takes up the one that still runs there: it outlives a crash of who
 * started it. One that was killed itself is taken up as it was at most a second before.
 */
export async function startAnvil(folder: string): Promise<Anvil> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidFile = path.join(folder, 'anvil.json');
  const previous = JSON.parse(readIfPresent(pidFile) ?? 'null') as Running | null;
  if (previous && isOurs(previous, folder) && (await answers(previous))) {
    return handle(previous, pidFile);
  }
  for (let tried = 1; ; tried++) {
    const port = await freePortNear(previous?.port);
    try {
      const running = { pid: await launch(folder, port), port };
      writeAtomic(pidFile, JSON.stringify(running));
      return handle(running, pidFile);
    } catch (error) {
      // Someone may have taken the port in between.
      if (tried === TRIES) throw error;
    }
  }
}

async function launch(folder: string, port: number): Promise<number> {
  const logFile = path.join(folder, 'anvil.log');
  const before = roomInLog(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(anvilProgram(), programArguments(folder, port), {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: os.tmpdir() },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const pid = await started(child);
  child.unref();
  const deadline = Date.now() + PATIENCE_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    if (await answers({ pid, port })) return pid;
    await sleep(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`anvil did not start: ${logSince(logFile, before).trim().slice(-2_000)}`);
}

function programArguments(folder: string, port: number): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(CHAIN_ID)],
    // The last block but two is final; else it would be the last but 64.
    ...['--no-mining', '--slots-in-an-epoch', '1', '--enable-tx-gas-limit'],
    ...['--state', stateFile(folder), '--state-interval', '1', '--prune-history', '64'],
    ...['--no-cors', '--quiet'],
  ];
}

function started(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
  });
}

function handle({ pid, port }: Running, pidFile: string): Anvil {
  const url = urlOf(port);
  return {
    pid,
    url,
    rpc: anvilRpc(url),
    stop: async () => {
      await end(pid);
      rmSync(pidFile, { force: true });
    },
  };
}

async function end(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    const deadline = Date.now() + PATIENCE_MS;
    while (isAlive(pid) && Date.now() < deadline) await sleep(POLL_MS);
  }
}

async function answers({ pid, port }: Running): Promise<boolean> {
  try {
    const chainId = await anvilRpc(urlOf(port))('eth_chainId');
    // Another program may have taken the port.
    return Number(chainId) === CHAIN_ID && isAlive(pid);
  } catch {
    return false;
  }
}

function isOurs({ pid }: Running, folder: string): boolean {
  return isAlive(pid) && commandLine(pid).includes(stateFile(folder));
}

function stateFile(folder: string): string {
  return path.join(folder, 'state.json');
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
