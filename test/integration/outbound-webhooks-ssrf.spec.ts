import type { LookupFunction } from 'node:net';
import { type Surroundings, WebhookSender } from '../../src/webhooks/infra/webhook-sender.js';
import {
  answering,
  startWebhookReceiver,
  type WebhookReceiver,
} from '../support/webhook-receiver.js';

const sender = new WebhookSender();
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
beforeEach(() => {
  receiver.forget();
});
afterAll(() => receiver.close());

const send = (url: string, trusted: boolean, surroundings: Surroundings = {}) =>
  sender.post({ url: new URL(url), trusted }, {}, '{}', surroundings);

/** A name server of the attacker's: answers one after the other, the last one for ever. */
function nameServer(...answers: readonly string[]) {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, options, done) => {
    const address = answers[Math.min(asked.length, answers.length - 1)] ?? '';
    asked.push(hostname);
    const family = address.includes(':') ? 6 : 4;
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return { lookup, asked };
}

const at = (host: string) => `http://${host}:${receiver.port}/`;

describe('row 43: an address inside', () => {
  it.each([
    ['127/8', '127.8.8.8'],
    ['127.1, short', '127.1'],
    ['decimal', '2130706433'],
    ['octal', '0177.0.0.1'],
    ['hexadecimal', '0x7f000001'],
    ['0.0.0.0', '0.0.0.0'],
    ['the metadata of a cloud', '169.254.169.254'],
    ['10/8', '10.0.0.1'],
    ['172.16/12', '172.16.0.1'],
    ['192.168/16', '192.168.1.1'],
    ['a carrier’s NAT', '100.64.0.1'],
    ['::1', '[::1]'],
    ['::', '[::]'],
    ['fd00::/8', '[fd00::1]'],
    ['fe80::/10', '[fe80::1]'],
    ['::ffff:127.0.0.1', '[::ffff:127.0.0.1]'],
    ['64:ff9b::127.0.0.1', '[64:ff9b::7f00:1]'],
  ])('%s is refused before a connection is made', async (_, host) => {
    const attempt = await send(at(host), false);
    expect(attempt).toMatchObject({ outcome: 'blocked', httpStatus: null });
    expect(receiver.received).toEqual([]);
  });

  it.each(['127.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1', '10.1.2.3'])(
    'that a public name resolves to is refused: %s',
    async (address) => {
      const { lookup } = nameServer(address);
      const attempt = await send(at('tickets.example.com'), false, { lookup });
      expect(attempt).toMatchObject({
        outcome: 'blocked',
        error: 'The host’s address is not public',
      });
      expect(receiver.received).toEqual([]);
    },
  );

  it('among several that a name resolves to is refused', async () => {
    const lookup: LookupFunction = (_, __, done) => {
      done(null, [
        { address: '2600::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]);
    };
    const attempt = await send(at('tickets.example.com'), false, { lookup });
    expect(attempt.outcome).toBe('blocked');
    expect(receiver.received).toEqual([]);
  });

  it('is refused when the name is bound anew: what was checked is what is connected to', async () => {
    const rebinding = nameServer('2600::1', '127.0.0.1');
    const surroundings = { lookup: rebinding.lookup, timeoutMs: 200 };
    const first = await send(at('tickets.example.com'), false, surroundings);
    // The address that passed is asked, and the name not a second time.
    expect(['connection', 'timeout']).toContain(first.outcome);
    expect(rebinding.asked).toHaveLength(1);
    const second = await send(at('tickets.example.com'), false, surroundings);
    expect(second.outcome).toBe('blocked');
    expect(rebinding.asked).toHaveLength(2);
    expect(receiver.received).toEqual([]);
  });

  it('that the configuration names is reached', async () => {
    const attempt = await send(at('127.0.0.1'), true);
    expect(attempt).toMatchObject({ outcome: 'delivered', httpStatus: 204, answerExcerpt: null });
    expect(receiver.received).toHaveLength(1);
  });
});

describe('row 43: an answer', () => {
  it.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
    receiver.behave(answering(status, { location: `${receiver.url}/inside` }), '/');
    const attempt = await send(at('127.0.0.1'), true);
    expect(attempt).toMatchObject({ outcome: 'redirected', httpStatus: status });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/']);
  });

  it('of more than 64 kB is cut off, and does not count as an acceptance', async () => {
    receiver.behave(answering(200, {}, 'x'.repeat(64 * 1_024)));
    expect((await send(at('127.0.0.1'), true)).outcome).toBe('delivered');
    receiver.behave(answering(200, {}, 'x'.repeat(64 * 1_024 + 1)));
    expect(await send(at('127.0.0.1'), true)).toMatchObject({ outcome: 'too_large' });
    let written = 0;
    receiver.behave((response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384;
      };
      response.on('drain', more).writeHead(200);
      more();
    });
    expect(await send(at('127.0.0.1'), true)).toMatchObject({ outcome: 'too_large' });
    expect(written).toBeLessThan(100_000_000);
  });

  it('that never comes, or never ends, is given up', async () => {
    const timeoutMs = 300;
    receiver.behave(() => undefined);
    expect(await send(at('127.0.0.1'), true, { timeoutMs })).toMatchObject({ outcome: 'timeout' });
    receiver.behave((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => {
        clearInterval(drip);
      });
    });
    expect(await send(at('127.0.0.1'), true, { timeoutMs })).toMatchObject({
      outcome: 'timeout',
      error: 'No whole answer within 300 ms',
    });
  });

  it('that breaks off is none', async () => {
    receiver.behave((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await send(at('127.0.0.1'), true)).toMatchObject({ outcome: 'connection' });
    receiver.behave((response) => response.destroy());
    expect(await send(at('127.0.0.1'), true)).toMatchObject({ outcome: 'connection' });
  });

  it('is kept to 1 kB, without control characters and secrets', async () => {
    const secret = 'sk_live_abcdefgh0123456789';
    receiver.behave(answering(500, {}, `\0\u0007${secret} ${'y'.repeat(5_000)}`));
    const { answerExcerpt } = await send(at('127.0.0.1'), true);
    expect(answerExcerpt?.length).toBeLessThanOrEqual(1_024);
    expect(answerExcerpt).toMatch(/^ {2}\[key\] y+$/);
  });
});
