import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CARDS } from '../../src/sandbox/cards.js';
import { Client } from '../support/client.js';
import { eventually, PROCESS } from '../support/shop.js';

/** What of `GET /sandbox` a purchase needs. */
interface Described {
  readonly tokens: { readonly buyer: string; readonly admin: string };
  readonly events: readonly DescribedEvent[];
  readonly links: { readonly ticketCatalog: string };
}

interface DescribedEvent {
  readonly id: string;
  readonly venueId: string;
  readonly ticketTypes: readonly { readonly id: string; readonly priceCents: number }[];
}

function orderOf({ id, venueId, ticketTypes: [type] }: DescribedEvent): object {
  return {
    venueId,
    eventId: id,
    tickets: [{ ticketTypeId: type?.id, quantity: 1, price: type?.priceCents }],
    paymentMethod: { type: 'card', paymentMethodId: CARDS.ok },
  };
}

/** `npm start` runs from a bundle when it can: it must be the application that the tests know. */
describe('the bundle', () => {
  const folder = path.resolve('dist/bundles', `spec-${process.pid}`);
  const world = mkdtempSync(path.join(os.tmpdir(), 'tickettoken-bundle-'));
  const started: ChildProcess[] = [];

  beforeAll(() => {
    execFileSync(process.execPath, ['scripts/bundle.mjs', folder]);
  });

  afterAll(async () => {
    for (const child of started) {
      const ended = once(child, 'close');
      if (child.kill('SIGTERM')) await ended;
    }
    rmSync(folder, { recursive: true, force: true });
    rmSync(world, { recursive: true, force: true, maxRetries: 50 });
  });

  async function run(program: string): Promise<string> {
    const child = spawn(process.execPath, ['--enable-source-maps', program], {
      env: { PATH: process.env.PATH, SANDBOX_DIR: world, METRICS_PORT: '0', PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(child);
    let written = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (written += chunk));
    }
    while (child.exitCode === null) {
      const url = /"listening on (http:[^"]+)"/.exec(written)?.[1];
      if (url !== undefined) return url;
      await sleep(20);
    }
    throw new Error(written);
  }

  const text = async (url: string) => (await fetch(url)).text();

  it('starts a world, is ready and documents the same API as the compiled files', async () => {
    const bundled = await run(path.join(folder, 'main.js'));
    expect((await fetch(`${bundled}/health/ready`)).status).toBe(200);
    const plain = await run(path.resolve('dist/src/main.js'));
    const [one, other] = [await text(`${bundled}/docs-json`), await text(`${plain}/docs-json`)];
    const generic = (document: string, url: string) => document.replaceAll(url, 'URL');
    expect(generic(one, bundled)).toBe(generic(other, plain));
    expect((await fetch(`${bundled}/docs/swagger-ui-bundle.js`)).status).toBe(200);
  });

  it('has what is loaded only when it is needed: a purchase is followed by a mail', async () => {
    const url = await run(path.join(folder, 'main.js'));
    const { tokens, events } = JSON.parse(await text(`${url}/sandbox`)) as Described;
    const [event] = events;
    const buyer = new Client(url, tokens.buyer);
    expect(event && (await buyer.pay(PROCESS, orderOf(event))).status).toBe(200);
    const mails = await eventually(async () => {
      const box = await text(`${url}/sandbox/mail.json`);
      return box.includes('receipt') && box;
    }, 'a receipt');
    expect(mails).toContain('@');
  });

  it.each(['polygon', 'solana'])('has what %s takes: a ticket becomes a token', async (chain) => {
    const url = await run(path.join(folder, 'main.js'));
    const { tokens, events, links } = JSON.parse(await text(`${url}/sandbox`)) as Described;
    const startsAt = new Date(Date.now() + 3_600_000).toISOString();
    const made = await fetch(`${links.ticketCatalog}/__emulator/events`, {
      method: 'POST',
      body: JSON.stringify({ ...events[0], id: randomUUID(), startsAt }),
    });
    const event = (await made.json()) as DescribedEvent;
    const settings = JSON.stringify({ settings: { blockchain: chain } });
    const admin = new Client(url, tokens.admin);
    await admin.send('PUT', `/api/v1/events/${event.id}/settings`, settings, {});
    const buyer = new Client(url, tokens.buyer);
    const { transaction } = (await buyer.pay(PROCESS, orderOf(event))).body;
    await eventually(async () => {
      const answer = await buyer.get(`/api/v1/payments/transaction/${String(transaction.id)}`);
      const { blockchain, status } = answer.body.nftStatus as Record<string, unknown>;
      return blockchain === chain && status === 'completed';
    }, 'a token');
  });

  it('never loads the sandbox in production', () => {
    const run = () =>
      execFileSync(process.execPath, [path.join(folder, 'world-process.js')], {
        env: { PATH: process.env.PATH, NODE_ENV: 'production' },
        stdio: 'pipe',
      });
    expect(run).toThrow('The sandbox never runs with NODE_ENV=production.');
  });
});
