import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestWorld } from './world.js';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The compiled application in a process of its own, which can die without taking the test along. */
export interface AppProcess {
  readonly url: string;
  readonly ended: Promise<Ending>;
  /** Everything it has written so far. */
  logs(): string;
  /** SIGSTOP: nothing of it runs until `resume`. */
  pause(): void;
  resume(): void;
  /** SIGKILL: no handler runs, as after a power cut. Resolves when the process is gone. */
  kill(): Promise<Ending>;
  /** SIGTERM: the order to stop that a deployment gives. Resolves when the process is gone. */
  terminate(): Promise<Ending>;
}

const START_MS = 110_000;

/** Starts `program` in the world; `settings` override the world's own. No webhooks yet. */
export async function startProcess(
  world: Pick<TestWorld, 'env'>,
  settings: Readonly<Record<string, string>> = {},
  program = 'dist/src/main.js',
): Promise<AppProcess> {
  const child = spawn(process.execPath, [path.resolve(program)], {
    env: {
      PATH: process.env.PATH ?? '',
      ...world.env,
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      LOG_LEVEL: 'debug',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (written += chunk));
  }
  const ended = new Promise<Ending>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const end = (signal: NodeJS.Signals): Promise<Ending> => {
    child.kill(signal);
    return ended;
  };
  return {
    url: await listening(child, () => written),
    ended,
    logs: () => written,
    pause: () => {
      child.kill('SIGSTOP');
    },
    resume: () => {
      child.kill('SIGCONT');
    },
    kill: () => end('SIGKILL'),
    terminate: () => end('SIGTERM'),
  };
}

async function listening(child: ChildProcess, written: () => string): Promise<string> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const url = /"listening on (http:[^"]+)"/.exec(written())?.[1];
    if (url !== undefined) return url;
    await sleep(10);
  }
  child.kill('SIGKILL');
  throw new Error(`the application did not start:\n${written()}`);
}
