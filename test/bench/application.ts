import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 60_000;

/** The compiled application as it runs in production, in a process of its own. */
export class Application {
  private constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
    readonly url: string,
    private readonly logFile: string,
  ) {}

  /** Starts it with `nodeOptions` before the program's name; its log goes to `logFile`. */
  static async start(
    env: Readonly<Record<string, string>>,
    logFile: string,
    nodeOptions: readonly string[] = [],
  ): Promise<Application> {
    const log = openSync(logFile, 'w');
    const child = spawn(process.execPath, [...nodeOptions, path.resolve('dist/src/main.js')], {
      env: { PATH: process.env.PATH ?? '', TZ: 'UTC', ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    await once(child, 'spawn');
    const end = Date.now() + START_MS;
    while (Date.now() < end && child.exitCode === null) {
      await sleep(20);
      const url = /"listening on (http:[^"]+)"/.exec(readFileSync(logFile, 'utf8'))?.[1];
      if (url !== undefined) return new Application(child, child.pid ?? 0, url, logFile);
    }
    child.kill('SIGKILL');
    throw new Error(`the application did not start:\n${readFileSync(logFile, 'utf8')}`);
  }

  /** Runs `work`; when it fails, what the application logged as an error is told with it. */
  async explain<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const lines = readFileSync(this.logFile, 'utf8').split('\n');
      const complaints = lines.filter((line) => /"level":"(error|fatal)"/.test(line)).slice(-3);
      throw new Error(['the application failed', ...complaints].join('\n'), { cause: error });
    }
  }

  /** Not a single instruction of it runs until `resume`: its time is not the ceiling's. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** SIGTERM, as a deployment says it; resolves when the process is gone. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.resume();
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(late);
  }
}
