import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { WorldAddress } from '../../src/sandbox/folder.js';
import { isAlive } from '../../src/sandbox/process-table.js';

const ATTACH = pathToFileURL(path.resolve('dist/src/sandbox/attach.js')).href;

/** A whole application would only be slower: what matters here is its hold on the sandbox. */
const PROGRAM = `
  const { attachSandbox } = await import(${JSON.stringify(ATTACH)});
  const world = await attachSandbox();
  await world.register(process.argv[1]);
  process.send({ env: world.env, buyer: (await world.tokens()).buyer });
  process.on('message', async () => { await world.leave(); process.exit(0); });
`;

/** A process that uses the sandbox of a folder as the application does. */
export interface SandboxApplication {
  readonly process: ChildProcess;
  readonly env: Readonly<Record<string, string>>;
  readonly buyer: string;
  leave(): Promise<void>;
  kill(): Promise<void>;
}

/** Attaches. Rejects with what the process wrote when it cannot. */
export async function startSandboxApplication(
  dir: string,
  settings: Readonly<Record<string, string>> = {},
  baseUrl = 'http://127.0.0.1:9',
): Promise<SandboxApplication> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, baseUrl], {
    env: { PATH: process.env.PATH, SANDBOX_DIR: dir, ...settings },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const ready = await Promise.race([once(child, 'message'), once(child, 'close')]);
  const [message] = ready as [Pick<SandboxApplication, 'env' | 'buyer'> | number | null];
  if (message === null || typeof message === 'number') throw new Error(words);
  const ending = once(child, 'exit');
  return {
    ...message,
    process: child,
    leave: async () => {
      child.send('leave');
      await ending;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ending;
    },
  };
}

/** How to reach the world of a folder, `undefined` when none is announced. */
export function worldAddress(dir: string): WorldAddress | undefined {
  const file = path.join(dir, 'world.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as WorldAddress) : undefined;
}

/** Ends the world of a folder, if one runs, and waits until its process is gone. */
export async function stopWorld(dir: string): Promise<void> {
  const address = worldAddress(dir);
  if (!address || !isAlive(address.pid)) return;
  await fetch(new URL('/stop', address.controlUrl), { method: 'POST' });
  await until(() => !isAlive(address.pid));
}

/** Waits for something that another process does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 25_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never came true: ${holds.toString()}`);
    await sleep(25);
  }
}
