// npm start: compiles what has changed and runs the application in this process.
// It runs from a bundle when there is one of just these sources and packages: a few files to read
// instead of 3,000 save a second. The install makes it; where sources have changed since, making it
// would take longer than it saves, so it is made for the next start, once this one is over. Production and the tests run the compiled files as they are.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFolder } from './bundle-folder.mjs';
import { compile, PROGRAM, root } from './compile.mjs';

const bundle = bundleFolder(await compile(PROGRAM));
const bundled = existsSync(bundle);
const modules = bundled ? bundle : path.join(root, 'dist/src');
process.setSourceMapsEnabled(true);
const { listening } = await import(pathToFileURL(path.join(modules, 'main.js')));
await listening;
if (!bundled) makeBundle();

/** In a process of its own, which ends by itself, whatever becomes of this one. */
function makeBundle() {
  const log = openSync(path.join(root, 'dist/bundle.log'), 'w');
  const child = spawn(process.execPath, [path.join(root, 'scripts/bundle.mjs'), bundle], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
}
