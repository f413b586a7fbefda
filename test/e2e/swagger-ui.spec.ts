import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type RunningApp, startApp } from '../support/app.js';

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(isInstalled);

function isInstalled(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

if (!chromium) {
  if (process.env.REQUIRE_CHROMIUM === '1')
    throw new Error('Chromium is required and not installed');
  console.warn('SKIPPED: Swagger UI is not looked at, because no Chromium is installed.');
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--virtual-time-budget=10000',
  '--enable-logging=stderr',
];

(chromium ? describe : describe.skip)('Swagger UI in a browser', () => {
  let running: RunningApp;
  let profile: string;

  beforeAll(async () => {
    running = await startApp();
    profile = mkdtempSync(path.join(os.tmpdir(), 'tickettoken-chromium-'));
  });

  afterAll(async () => {
    await running.close();
    rmSync(profile, { recursive: true, force: true });
  });

  it('renders every route under the strict policy, without a violation', async () => {
    const { stdout, stderr } = await promisify(execFile)(
      chromium ?? '',
      [...FLAGS, `--user-data-dir=${profile}`, '--dump-dom', `${running.url}/docs`],
      { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
    );
    const document = (await (await fetch(`${running.url}/docs-json`)).json()) as {
      paths: Record<string, Record<string, object>>;
    };
    const routes = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    const shown = stdout.match(/class="opblock-summary-path"/g) ?? [];
    expect(shown).toHaveLength(routes.length);
    expect(stderr).not.toMatch(/Content Security Policy|Refused to|ERR_NAME_NOT_RESOLVED/);
  }, 90_000);
});
