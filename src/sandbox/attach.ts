import './refuse-production.js';
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { UserName } from './cast.js';
import { findWorld, lease, leave } from './contact.js';
import type { WorldDescription } from './description.js';
import {
  makeFolder,
  sandboxFolder,
  type WorldAddress,
  type WorldFiles,
  worldFiles,
} from './folder.js';
import { logSince, roomInLog } from './log-file.js';
import { loadIdentities } from './world-identities.js';

/** An application's hold on a running world. */
export interface SandboxAttachment {
  /** The configuration that the world stands for; what the user set himself shall win over it. */
  readonly env: Readonly<Record<string, string>>;
  readonly description: WorldDescription;
  /** Fresh tokens of everyone in the cast, valid for 12 hours. */
  tokens(): Promise<Record<UserName, string>>;
  /** Says where the application listens: signed webhooks go there from now on. */
  register(baseUrl: string): Promise<void>;
  /** An orderly goodbye. The world ends with the last one, unless it runs in the foreground. */
  leave(): Promise<void>;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 20;
const TAIL_CHARACTERS = 3_000;

/**
 * Attaches to the world of a folder, which is started as a process of its own when none runs.
 * That process outlives this one: killed without `leave`, an application finds its world again.
 * Throws with the end of the world's log when it cannot start.
 */
export async function attachSandbox({ dir = sandboxFolder() } = {}): Promise<SandboxAttachment> {
  makeFolder(dir);
  const files = worldFiles(dir);
  const logStart = roomInLog(files.log);
  const deadline = Date.now() + PATIENCE_MS;
  let child: ChildProcess | undefined;
  for (;;) {
    const address = await findWorld(files);
    if (address && (await lease(address))) {
      // Slow to start, it could otherwise become a world that nobody asked for.
      if (child && child.pid !== address.pid) child.kill();
      return attachment(files, address);
    }
    // A child that finds another start ahead of it ends in peace.
    if (!child || child.exitCode === 0) child = spawnWorld(files);
    const failed = child.exitCode !== null || child.signalCode !== null;
    if (failed || Date.now() > deadline) throw startFailure(files, logStart);
    await sleep(POLL_MS);
  }
}

async function attachment(files: WorldFiles, address: WorldAddress): Promise<SandboxAttachment> {
  const identities = await loadIdentities(files);
  return {
    env: JSON.parse(readFileSync(files.env, 'utf8')) as Record<string, string>,
    description: JSON.parse(readFileSync(files.description, 'utf8')) as WorldDescription,
    tokens: () => identities.tokens(),
    register: async (baseUrl) => {
      if (await lease(address, baseUrl)) return;
      throw new Error('The sandbox has gone: start the application again.');
    },
    leave: () => leave(address),
  };
}

function spawnWorld({ dir, log }: WorldFiles): ChildProcess {
  const output = openSync(log, 'a', 0o600);
  // Beside this module, in the compiled tree as in the bundle.
  const program = fileURLToPath(new URL('./world-process.js', import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', program, '--detached'], {
    detached: true,
    env: { ...process.env, SANDBOX_DIR: dir },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  return child;
}

function startFailure({ log }: WorldFiles, logStart: number): Error {
  const words = logSince(log, logStart).slice(-TAIL_CHARACTERS);
  return new Error(`The sandbox did not start. The end of ${log}:\n${words.trim()}`);
}
