import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Shop } from '../../../support/shop.js';
import type { Drill } from './drill.js';
import { Probe } from './probe.js';

const SIZE = '400m';
const FULL_MS = 8_000;
let volume: string | undefined;

/** Row 27: PostgreSQL's volume has no byte left, for a while. */
export const DISK_FULL: Drill = {
  what: 'the database’s volume full for a while, under load',
  impossible: () => {
    try {
      mount();
      return undefined;
    } catch {
      return 'a volume of its own cannot be mounted here';
    }
  },
  stage: () => ({ volume: mount() }),
  act: async ({ stage, customers }) => {
    await sleep(4_000);
    const reader = await new Shop(stage.world).buyer(stage.door.url);
    const probe = new Probe(async () => (await reader.get('/api/payments?limit=1')).status === 200);
    const before = customers.done;
    const ballast = path.join(mount(), 'ballast');
    fill(ballast);
    probe.start();
    await sleep(FULL_MS);
    const during = customers.done - before;
    rmSync(ballast);
    const freed = Date.now();
    await sleep(FULL_MS);
    const after = customers.done - before - during;
    const samples = await probe.stop();
    const late = samples.filter(({ at, ok }) => !ok && at > freed + 5_000).length;
    const codes = new Set(customers.deeds.flatMap(({ troubles }) => troubles));
    return {
      facts: { doneWhileFull: during, doneAfter: after, answers: [...codes].sort().join(', ') },
      violations: [
        ...(after > 0 ? [] : ['nobody could buy when there was room again']),
        ...(late === 0 ? [] : [`${late} reads failed long after there was room again`]),
        ...[...codes].filter((code) => code.startsWith('500')),
      ],
    };
  },
};

/** Writes until there is no room: how much there is changes under the load. */
function fill(file: string): void {
  const block = Buffer.alloc(65_536);
  const open = openSync(file, 'w');
  try {
    for (;;) writeSync(open, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(open);
  }
}

/** The drill's volume, mounted once and gone with the process. */
function mount(): string {
  if (volume !== undefined) return volume;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tickettoken-volume-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'pipe' });
  chmodSync(folder, 0o711);
  process.once('exit', () => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return (volume = folder);
}
