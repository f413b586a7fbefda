import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelModel, connect } from 'amqplib';

/** A RabbitMQ of its own for one test file. */
export interface TestRabbit {
  /** Where it listens, as its only user. */
  readonly url: string;
  /** A connection of one's own, to look on; end it before the broker. */
  connect(): Promise<ChannelModel>;
  /** Ends the process at once; what was persistent stays on disk. */
  stop(): Promise<void>;
  /** Starts it again at the same address, on the same disk. */
  start(): Promise<void>;
  /** Ends it for good, with everything it has started and written. */
  close(): Promise<void>;
}

const START_MS = 60_000;

/** Where systems keep the server that a user's PATH does not have. */
const ELSEWHERE = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
const program = findProgram();

/** `describe`, where rabbitmq-server is installed; skipped loudly where not, an error with REQUIRE_RABBITMQ=1. */
export function describeWithRabbit(name: string, tests: () => void): void {
  if (!program && process.env.REQUIRE_RABBITMQ === '1') {
    throw new Error('rabbitmq-server is required and not installed');
  }
  if (!program) console.warn(`SKIPPED: "${name}", because there is no rabbitmq-server.`);
  (program ? describe : describe.skip)(name, tests);
}

export async function startRabbit(): Promise<TestRabbit> {
  if (!program) throw new Error('rabbitmq-server is not installed');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tickettoken-rabbitmq-'));
  const [port, distPort, epmdPort] = await Promise.all([unusedPort(), unusedPort(), unusedPort()]);
  const env = environmentFor(folder, { port, distPort, epmdPort });
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  // Erlang's name server, which the broker would else start in the background and leave behind.
  const epmd = spawn('epmd', ['-port', String(epmdPort)], { env, stdio: 'ignore' });
  let server: ChildProcess | undefined;
  const start = async () => {
    server = spawn(program, [], { env, cwd: folder, stdio: 'ignore' });
    await answers(url, server);
  };
  const stop = () => end(server);
  await start();
  return {
    url,
    connect: () => connect(url),
    start,
    stop,
    close: async () => {
      await stop();
      await end(epmd);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Ports {
  readonly port: number;
  readonly distPort: number;
  readonly epmdPort: number;
}

/** Nothing of the system's own broker: other ports, name, home, cookie, folders and configuration. */
function environmentFor(folder: string, { port, distPort, epmdPort }: Ports): NodeJS.ProcessEnv {
  const file = (name: string, content = '') => {
    writeFileSync(path.join(folder, name), content, { mode: 0o600 });
    return path.join(folder, name);
  };
  file('.erlang.cookie', randomBytes(16).toString('hex'));
  return {
    PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`,
    LANG: 'C.UTF-8',
    HOME: folder,
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `tickettoken-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', configuration(port)),
    RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[].'),
    RABBITMQ_MNESIA_BASE: path.join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: path.join(folder, 'log'),
    RABBITMQ_PID_FILE: path.join(folder, 'pid'),
    // The script then becomes the broker, instead of a shell that waits for it.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}

function configuration(port: number): string {
  return [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'vm_memory_high_watermark.absolute = 512MB',
    'disk_free_limit.absolute = 1MB',
  ].join('\n');
}

/** Debian's `rabbitmq-server` changes the user; the one beside it serves whoever calls it. */
function findProgram(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...ELSEWHERE];
  const found = folders
    .map((folder) => path.join(folder, 'rabbitmq-server'))
    .find((candidate) => existsSync(candidate));
  if (!found) return undefined;
  const real = realpathSync(found);
  const beside = path.join(path.dirname(real), 'rabbitmq-server');
  return path.basename(real) === 'rabbitmq-script-wrapper' ? beside : real;
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline;) {
    if (server.exitCode !== null) break;
    try {
      const connection = await connect(url, { timeout: 2_000 });
      await connection.close();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error('rabbitmq-server did not start');
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

/** Asked of the system, which does not give it to anybody else soon. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
