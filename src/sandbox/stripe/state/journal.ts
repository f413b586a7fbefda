import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Collection, Identified } from './collection.js';

export type Collections = Readonly<Record<string, Collection<Identified>>>;

const FLUSH_EVERY_MS = 250;

const lines = (kind: string, records: readonly Identified[]): string[] =>
  records.map((record) => `${JSON.stringify([kind, record])}\n`);

/**
 * Keeps collections in a file: `<file>` is a snapshot (written beside and renamed, so whole or
 * absent), `<file>.journal` what changed since, appended four times a second. A crash loses at
 * most the last quarter of a second; a last line without its newline is torn and skipped.
 */
export class Journal {
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  /** `snapshotOnly` kinds are written on close, not while running: they are bulky and regrow. */
  constructor(
    private readonly file: string,
    private readonly collections: Collections,
    private readonly snapshotOnly: readonly string[],
  ) {}

  /** Reads both files into the collections and starts to follow them. */
  async open(): Promise<void> {
    mkdirSync(path.dirname(this.file), { recursive: true });
    for (const file of [this.file, `${this.file}.journal`]) this.load(file);
    await this.snapshot();
    this.timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();
  }

  /** Writes the whole truth. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.snapshot();
  }

  private load(file: string): void {
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
      const [kind, record] = JSON.parse(line) as [string, Identified];
      this.collections[kind]?.put(record);
    }
  }

  private flush(): Promise<void> {
    this.writing = this.writing.then(async () => {
      const changed = Object.entries(this.collections)
        .filter(([kind]) => !this.snapshotOnly.includes(kind))
        .flatMap(([kind, collection]) => lines(kind, collection.drain()));
      if (changed.length === 0) return;
      try {
        await appendFile(`${this.file}.journal`, changed.join(''));
      } catch (error) {
        // A full disk must not stop the emulator; the snapshot on close holds everything anyway.
        process.emitWarning(`Stripe emulator: journal not written: ${String(error)}`);
      }
    });
    return this.writing;
  }

  private async snapshot(): Promise<void> {
    const everything = Object.entries(this.collections).flatMap(([kind, collection]) => {
      if (!this.snapshotOnly.includes(kind)) collection.drain();
      return lines(kind, collection.all());
    });
    await writeFile(`${this.file}.part`, everything.join(''));
    await rename(`${this.file}.part`, this.file);
    await rm(`${this.file}.journal`, { force: true });
  }
}
