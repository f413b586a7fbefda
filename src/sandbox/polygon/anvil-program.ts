import { createRequire } from 'node:module';
import os from 'node:os';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Path of the anvil that npm installed. Throws where npm has none for the platform. */
export function anvilProgram(): string {
  const { platform } = process;
  const architecture = ARCHITECTURES[os.arch()] ?? os.arch();
  const name = `@foundry-rs/anvil-${platform}-${architecture}`;
  const program = platform === 'win32' ? 'anvil.exe' : 'anvil';
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/${program}`);
  } catch (cause) {
    throw new Error(`There is no local EVM chain here (package ${name}): set POLYGON_RPC_URL.`, {
      cause,
    });
  }
}
