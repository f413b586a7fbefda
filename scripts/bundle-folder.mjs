import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { filesIn, root } from './compile.mjs';

/** What decides a bundle's content, apart from the sources: the tools and the installed packages. */
const INPUTS = ['.swcrc', 'node_modules/.package-lock.json'];

/** The folder of the bundle of `sources` as they are now. It appears whole or not at all. */
export function bundleFolder(sources) {
  const hash = createHash('sha256');
  for (const file of [...sources, ...INPUTS, ...filesIn('scripts')].sort()) {
    const found = statSync(path.join(root, file), { throwIfNoEntry: false });
    hash.update(`${file} ${found?.size} ${found?.mtimeMs}\n`);
  }
  return path.join(root, 'dist/bundles', hash.digest('hex').slice(0, 16));
}
