// npm ci runs this at its end, so that even the first `npm start` finds everything compiled and
// bundled. Where the tools are missing (npm ci --omit=dev) or a source does not compile, it steps
// aside: whoever builds or starts next does the same work and says what is wrong.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
try {
  const { compile, PROGRAM } = await import('./compile.mjs');
  const { bundleFolder } = await import('./bundle-folder.mjs');
  const bundle = bundleFolder(await compile(PROGRAM));
  if (!existsSync(bundle)) {
    execFileSync(process.execPath, [path.join(here, 'bundle.mjs'), bundle], { stdio: 'inherit' });
  }
} catch (error) {
  console.warn(`Nothing was prepared for the first start: ${error.message}`);
}
