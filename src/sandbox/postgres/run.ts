import { spawn } from 'node:child_process';
import os from 'node:os';
import type { ServiceAccount } from './account.js';

/** Nothing of the caller's locale, time zone or PG* variables may leak into a cluster. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: os.tmpdir(), LC_ALL: 'C', TZ: 'UTC' };
}

/** Says what to do when the operating system forbids the change of user. */
export function explainSpawn(program: string, error: Error): Error {
  const { code } = error as NodeJS.ErrnoException;
  const advice =
    code === 'EPERM' || code === 'EINVAL'
      ? 'root may not become another user here: start as an ordinary user or set DATABASE_URL'
      : error.message;
  return new Error(`Could not run ${program}: ${advice}`, { cause: error });
}

/** Runs a program to its end. Rejects with what it wrote to stderr when it fails. */
export function run(program: string, args: string[], account: ServiceAccount): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...account.credentials,
      cwd: '/',
      env: cleanEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', (error) => {
      reject(explainSpawn(program, error));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${String(code ?? signal)}: ${complaint}`));
    });
  });
}
