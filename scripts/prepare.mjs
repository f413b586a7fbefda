// npm ci runs this at its end, so that even the first `npm start` finds everything compiled and
// bundled. Where the tools are missing (npm ci --omit=dev) or a source does not compile, it steps
// aside: whoever builds or starts next does the same work and says what is wrong. Where there are no
// sources (an image that has only package.json so far, or only dist) there is nothing to prepare.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
try {
  const { compile, PROGRAM, root } = await import('./compile.mjs');
  if (existsSync(path.join(root, 'src/main.ts'))) await prepare(compile, PROGRAM);
} catch (error) {
  console.warn(`Nothing was prepared for the first start: ${error.message}`);
}

async function prepare(compile, program) {
  const { bundleFolder } = await import('./bundle-folder.mjs');
  const bundle = bundleFolder(await compile(program));
  if (!existsSync(bundle)) {
    execFileSync(process.execPath, [path.join(here, 'bundle.mjs'), bundle], { stdio: 'inherit' });
  }
}
