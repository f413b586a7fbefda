// Makes the bundle that scripts/start.mjs runs, of the compiled files: node scripts/bundle.mjs FOLDER
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './compile.mjs';

/** Programs that run from an old bundle may still load parts of it. */
const KEPT_MS = 86_400_000;

/**
 * TypeORM loads pg by a computed name, and its `Pool` must be ours; tracing hooks into `require`;
 * Solana's need a compiled part in a folder of its own; tracing, chains and KMS are loaded by few; the
 * others are not installed.
 */
const EXTERNAL = [
  'pg',
  '@opentelemetry/*',
  '@solana/*',
  '@aws-sdk/*',
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
];

/** CommonJS packages `require` Node's own modules and whatever is external. */
const REQUIRE = [
  "import { createRequire as requireOfBundle } from 'node:module';",
  'const require = requireOfBundle(import.meta.url);',
].join(' ');

const folder = path.resolve(process.argv[2]);
const bundles = path.dirname(folder);
mkdirSync(bundles, { recursive: true });
const part = mkdtempSync(path.join(bundles, 'part-'));
try {
  await bundleInto(part);
  renameSync(part, folder);
} catch (error) {
  rmSync(part, { recursive: true, force: true });
  // Another start made it in between.
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
for (const entry of readdirSync(bundles).map((name) => path.join(bundles, name))) {
  const age = Date.now() - (statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (entry !== folder && age > KEPT_MS) rmSync(entry, { recursive: true, force: true });
}

async function bundleInto(outdir) {
  await build({
    absWorkingDir: root,
    // Side by side: the application finds the sandbox's program beside its own modules.
    entryPoints: ['dist/src/main.js', 'dist/src/sandbox/world-process.js'],
    entryNames: '[name]',
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    external: EXTERNAL,
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
}
