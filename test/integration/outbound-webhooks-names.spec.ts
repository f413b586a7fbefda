import { promises as dns } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { type Surroundings, WebhookSender } from '../../src/webhooks/infra/webhook-sender.js';
import { type NameServer, startNameServer } from '../support/name-server.js';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const sender = new WebhookSender();
let receiver: WebhookReceiver;
let names: NameServer;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
beforeEach(async () => {
  receiver.forget();
  names = await startNameServer();
});
afterEach(() => names.close());
afterAll(() => receiver.close());

const send = (host: string, trusted = false, surroundings: Surroundings = {}) => {
  const url = new URL(`http://${host}:${receiver.port}/`);
  return sender.post({ url, trusted }, {}, '{}', { nameServers: [names.address], ...surroundings });
};

describe('row 43: what the name server says of a tenant’s host', () => {
  it.each([
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['10.1.2.3'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['fd00::1'],
    ['64:ff9b::7f00:1'],
    ['2600::1', '127.0.0.1'],
    ['203.0.113.7', 'fd00::1'],
    ['8.8.8.8', '192.168.0.1'],
  ])('is refused when it is inside, or partly so: %s %s', async (...addresses) => {
    names.say({ 'hooks.example.com': addresses });
    const attempt = await send('hooks.example.com');
    expect(attempt).toMatchObject({
      outcome: 'blocked',
      error: 'The host’s address is not public',
    });
    expect(names.asked).toContain('hooks.example.com');
    expect(receiver.received).toEqual([]);
  });

  it('is judged anew at each message', async () => {
    names.say({ 'hooks.example.com': ['2600::1'] });
    const first = await send('hooks.example.com', false, { timeoutMs: 300 });
    expect(['connection', 'timeout']).toContain(first.outcome);
    names.say({ 'hooks.example.com': ['127.0.0.1'] });
    expect(await send('hooks.example.com')).toMatchObject({ outcome: 'blocked' });
    expect(receiver.received).toEqual([]);
  });

  it('may be that there is no such name, or no address of it', async () => {
    names.say({ 'gone.example.com': 'no such name', 'bare.example.com': [] });
    expect(await send('gone.example.com')).toMatchObject({
      outcome: 'dns',
      error: 'The host has no address (ENOTFOUND)',
    });
    expect(await send('bare.example.com')).toMatchObject({
      outcome: 'dns',
      error: 'The host has no address (ENODATA)',
    });
  });

  it('counts, and not what the hosts file says of it', async () => {
    names.say({ localhost: 'no such name' });
    expect(await send('localhost')).toMatchObject({ outcome: 'dns' });
    expect(names.asked).toContain('localhost');
  });
});

describe('a name server that says nothing', () => {
  it('is given up before the message is, and holds up nobody else', async () => {
    const under = new Set<Promise<unknown>>();
    for (let i = 0; i < 16; i++) {
      const sent = send(`slow-${i}.example.com`).finally(() => under.delete(sent));
      under.add(sent);
    }
    const all = [...under];
    // Both stand in line for the threads of the process.
    await dns.lookup('localhost');
    await readFile(__filename);
    expect(under.size).toBe(16);
    for (const attempt of await Promise.all(all)) expect(attempt).toMatchObject({ outcome: 'dns' });
    expect(new Set(names.asked).size).toBe(16);
  });

  it('about one sort of address does not hide the other', async () => {
    names.say({
      'four.example.com': ['127.0.0.1', 'silence'],
      'six.example.com': ['::1', 'silence'],
    });
    for (const host of ['four.example.com', 'six.example.com']) {
      expect(await send(host)).toMatchObject({ outcome: 'blocked' });
    }
  });
});

describe('a host that the configuration trusts', () => {
  it('is looked up as the rest of the machine does it, hosts file included', async () => {
    expect(await send('localhost', true)).toMatchObject({ outcome: 'delivered' });
    expect(names.asked).toEqual([]);
  });
});
