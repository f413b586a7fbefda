// A registry mirror that does not serve every platform's binaries makes `npm install` leave them
// out of the lock file, and `npm ci` then refuses the file. This adds them back as optional
// entries with their os and cpu, so that the same lock file installs everywhere.
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const OS = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  windows: 'win32',
  freebsd: 'freebsd',
  android: 'android',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  sunos: 'sunos',
  aix: 'aix',
  openharmony: 'openharmony',
  wasm32: 'wasi',
};
const CPU = [
  ['ppc64', 'ppc64'],
  ['riscv64', 'riscv64'],
  ['loong64', 'loong64'],
  ['s390x', 's390x'],
  ['amd64', 'x64'],
  ['x64', 'x64'],
  ['aarch64', 'arm64'],
  ['arm64', 'arm64'],
  ['ia32', 'ia32'],
  ['gnueabihf', 'arm'],
  ['musleabihf', 'arm'],
  ['arm', 'arm'],
  ['wasm32', 'wasm32'],
];

/** Is `name` reachable from the package at `where`, by Node's own look-up? */
function present(where, name) {
  for (let dir = where; ;) {
    if (lock.packages[`${dir ? `${dir}/` : ''}node_modules/${name}`]) return true;
    if (!dir) return false;
    const up = dir.lastIndexOf('/node_modules/');
    dir = up < 0 ? '' : dir.slice(0, up);
  }
}

let added = 0;
for (const [where, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (present(where, name)) continue;
    const os = Object.keys(OS).find((key) => new RegExp(`(^|[-/])${key}(-|$)`).test(name));
    const cpu = CPU.find(([key]) => name.includes(key));
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[\^~=]/, ''),
      optional: true,
      ...(cpu ? { cpu: [cpu[1]] } : {}),
      ...(os ? { os: [OS[os]] } : {}),
    };
    added++;
    if (!os) console.log(`no operating system in the name of ${name}`);
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`added ${added} entries`);
