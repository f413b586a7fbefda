// src, migrations and test -> dist with SWC (types are checked by `npm run typecheck`).
// Only files that changed are compiled; each is written whole, so that two builds can overlap.
// --watch rebuilds on change and restarts the application.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

process.chdir(path.join(path.dirname(fileURLToPath(import.meta.url)), '..'));
const ROOTS = ['src', 'migrations', 'test'];
const target = (file) => path.join('dist', file.replace(/\.ts$/, '.js'));
const mtime = (file) =>
  stat(file).then(
    (s) => s.mtimeMs,
    () => 0,
  );

async function put(file, text) {
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, text);
  await rename(part, file);
}

async function compile(file) {
  const out = target(file);
  if ((await mtime(out)) >= (await mtime(file))) return 0;
  const sourceFileName = path.relative(path.dirname(out), file);
  const { code, map } = await transformFile(file, {
    swcrc: true,
    sourceMaps: true,
    sourceFileName,
  });
  await mkdir(path.dirname(out), { recursive: true });
  await put(`${out}.map`, map);
  await put(out, `${code}\n//# sourceMappingURL=${path.basename(out)}.map\n`);
  return 1;
}

async function sources() {
  const entries = await Promise.all(
    ROOTS.map((root) => readdir(root, { recursive: true, withFileTypes: true })),
  );
  return entries
    .flat()
    .filter((e) => e.isFile() && e.name.endsWith('.ts') && !e.name.endsWith('.d.ts'))
    .map((e) => path.join(e.parentPath ?? e.path, e.name));
}

/** Compiled files whose source is gone would still be importable: remove them. */
async function prune(files) {
  const wanted = new Set(files.flatMap((f) => [target(f), `${target(f)}.map`]));
  const built = await readdir('dist', { recursive: true, withFileTypes: true }).catch(() => []);
  const stale = built
    .filter((e) => e.isFile())
    .map((e) => path.join(e.parentPath ?? e.path, e.name))
    .filter((f) => /\.js(\.map)?$/.test(f) && !wanted.has(f));
  await Promise.all(stale.map((f) => rm(f, { force: true })));
}

const started = performance.now();
const files = await sources();
const compiled = await Promise.all(files.map(compile));
await prune(files);
const count = compiled.reduce((a, b) => a + b, 0);
if (count > 0)
  console.log(`compiled ${count} files in ${(performance.now() - started).toFixed()} ms`);

if (process.argv.includes('--watch')) {
  let app;
  let timer;
  const start = () => {
    app = spawn(process.execPath, ['--enable-source-maps', 'dist/src/main.js'], {
      stdio: 'inherit',
    });
  };
  const restart = (file) => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        await compile(file);
      } catch (error) {
        console.error(String(error));
        return;
      }
      console.log(`${file} changed, restarting`);
      app.once('exit', start);
      if (!app.kill('SIGTERM')) start();
    }, 50);
  };
  for (const root of ['src', 'migrations']) {
    watch(
      root,
      { recursive: true },
      (_, file) => file?.endsWith('.ts') && restart(path.join(root, file)),
    );
  }
  start();
}
