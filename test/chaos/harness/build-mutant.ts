import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';
import { changed, MUTANTS } from './mutants.js';

/** Compiles a mutant beside the application, and answers its program. Throws on an unknown name. */
export function buildMutant(name: string): string {
  const mutant = MUTANTS[name];
  if (!mutant) throw new Error(`no mutant is called ${name}`);
  const folder = path.join('dist/mutants', name);
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['src', 'migrations']) {
    cpSync(path.join('dist', part), path.join(folder, part), { recursive: true });
  }
  const sources = new Map<string, string>();
  for (const change of mutant.changes) {
    const text = sources.get(change.file) ?? readFileSync(change.file, 'utf8');
    sources.set(change.file, changed(text, change));
  }
  for (const [file, text] of sources) {
    const { code } = transformSync(text, { filename: path.resolve(file) });
    writeFileSync(path.join(folder, file.replace(/\.ts$/, '.js')), code);
  }
  return path.join(folder, 'src/main.js');
}
