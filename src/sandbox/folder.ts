import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a world keeps what it has, by purpose. */
export interface WorldFiles {
  readonly dir: string;
  /** The application's environment; there from ready to stop. */
  readonly env: string;
  /** `WorldAddress`; there from ready to stop. */
  readonly address: string;
  readonly description: string;
  readonly log: string;
  readonly locks: string;
  readonly keys: string;
  readonly cast: string;
  readonly secrets: string;
  readonly ports: string;
  readonly stripe: string;
  readonly platform: string;
  readonly mails: string;
  readonly postgres: string;
  readonly polygon: string;
  readonly solana: string;
}

/** How to reach a running world. */
export interface WorldAddress {
  readonly pid: number;
  readonly controlUrl: string;
}

/** SANDBOX_DIR, or `.sandbox` beside the package's manifest, wherever it is started from. */
export function sandboxFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SANDBOX_DIR) return path.resolve(env.SANDBOX_DIR);
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return path.join(folder, '.sandbox');
}

/** The files of the world in `dir`. */
export function worldFiles(dir: string): WorldFiles {
  const at = (name: string): string => path.join(dir, name);
  return {
    dir,
    env: at('env.json'),
    address: at('world.json'),
    description: at('description.json'),
    log: at('world.log'),
    locks: at('locks'),
    keys: at('keys'),
    cast: at('cast.json'),
    secrets: at('secrets.json'),
    ports: at('ports.json'),
    stripe: at('stripe.json'),
    platform: at('platform.json'),
    mails: at('mails.jsonl'),
    postgres: at('postgres'),
    polygon: at('polygon'),
    solana: at('solana'),
  };
}

/** Creates the folder: PostgreSQL's user may pass through it, only its owner may list it. */
export function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o711);
}
