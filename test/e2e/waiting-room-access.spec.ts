import { createHmac, type KeyObject, sign as signWith } from 'node:crypto';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { CARDS } from '../../src/sandbox/cards.js';
import { AccessTokens } from '../../src/waiting-room/waiting-room.contract.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { checkInvariants } from '../support/invariants/index.js';
import {
  CHARGE,
  eventually,
  letTimePass,
  newKey,
  type OneTypeEvent,
  orderOf,
  PROCESS,
  query,
  Shop,
} from '../support/shop.js';
import { adminPath, join, put, RoomDesk, statusOf } from '../support/waiting-room-desk.js';

jest.setTimeout(120_000);

const TERMS = { opensAt: '2031-06-01T15:00:00Z', capacity: 100, ratePerMinute: 30_000 };

let running: RunningApp;
let shop: Shop;
let desk: RoomDesk;
let admin: Client;
let cards = 0;

beforeAll(async () => {
  // Passes are made by hand, and nobody looks after what is unknown.
  running = await startApp({ ROLE: 'api' });
  running.world.stripe.clearWebhook();
  shop = new Shop(running.world);
  admin = await shop.as(running.url, 'admin');
  desk = new RoomDesk(running, shop, admin);
});
afterAll(() => running.close());
afterEach(async () => {
  expect(await checkInvariants(running.world)).toEqual([]);
});

/** Somebody whom the waiting room of an event has let in. */
interface Admitted {
  readonly event: OneTypeEvent;
  readonly userId: Uuid;
  readonly client: Client;
  readonly token: string;
  readonly queueId: string;
}

async function onSale(): Promise<OneTypeEvent> {
  const event = shop.event({ highDemand: true });
  for (const reply of [
    await put(admin, adminPath(event.id), TERMS),
    await admin.post(adminPath(event.id, '/open'), {}),
  ]) {
    expect(reply.status).toBe(200);
  }
  return event;
}

async function admitted(event: OneTypeEvent): Promise<Admitted> {
  const userId = newId();
  const client = await shop.buyer(running.url, userId);
  await join(client, event.id);
  await desk.admit(event.id);
  const { body } = await statusOf(client, event.id);
  const token = body.accessToken as string;
  return { event, userId, client, token, queueId: String(body.queueId) };
}

/** A card that nobody else pays with. */
const newCard = () => `${CARDS.ok}_no_${++cards}`;

const buy = ({ client, event }: Admitted, token?: string, card = newCard()): Promise<Reply> =>
  client.post(PROCESS, orderOf(event, { card }), headers(token));

const headers = (token?: string) => ({
  'idempotency-key': newKey(),
  ...(token !== undefined && { 'x-access-token': token }),
});

const told = ({ status, body }: Reply) => [status, body.code];

const INVALID = [403, 'INVALID_ACCESS_TOKEN'];
const REQUIRED = [403, 'QUEUE_TOKEN_REQUIRED'];

async function accessOf({ queueId }: Admitted): Promise<unknown> {
  const text = 'SELECT status FROM waiting_room_access WHERE queue_id = $1';
  return (await query(running.world, text, [queueId]))[0]?.status;
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The claims of a genuine token under another header and signature. */
function reforged(token: string, header: object, sign: (text: string) => string): string {
  const text = `${encoded({ typ: 'queue+jwt', ...header })}.${token.split('.')[1]}`;
  return `${text}.${sign(text)}`;
}

const hs256 = (key: string) => (text: string) =>
  createHmac('sha256', key).update(text).digest('base64url');
const rs256 = (key: KeyObject) => (text: string) =>
  signWith('sha256', Buffer.from(text), key).toString('base64url');

/** What looks like a token of somebody and opens no door, by its flaw. */
async function worthless(someone: Admitted): Promise<Record<string, string>> {
  const { token, event, userId, queueId } = someone;
  const { identities, cast } = running.world;
  const tokens = running.app.get(AccessTokens);
  const room = { tenantId: cast.tenantId, eventId: event.id };
  const held = { jti: newId(), queueId, userId, expiresAt: new Date(Date.now() + 600_000) };
  const [head = '', claims = ''] = token.split('.');
  return {
    'not a token': 'abc',
    'the old form': `access_${event.id}_${queueId}`,
    'too long': 'a'.repeat(4_000),
    'without a signature': `${head}.${claims}.`,
    'another secret': reforged(token, { alg: 'HS256' }, hs256('another secret')),
    'alg none': reforged(token, { alg: 'none' }, () => ''),
    'alg none, signed': reforged(token, { alg: 'none' }, () => token.split('.')[2] ?? ''),
    'RS256 of the users’ key': reforged(token, { alg: 'RS256' }, rs256(identities['key'])),
    'HS256 with the users’ public key': reforged(
      token,
      { alg: 'HS256' },
      hs256(identities.publicKey),
    ),
    'an empty key, and where to find it': reforged(
      token,
      { alg: 'HS256', kid: '../../../dev/null' },
      hs256(''),
    ),
    "the user's own bearer": await identities.tokenOf('buyer'),
    expired: await tokens.sign(room, { ...held, expiresAt: new Date(Date.now() - 1_000) }),
    'never given': await tokens.sign(room, held),
    'of another user': (await admitted(event)).token,
    'of another event': (await admitted(await onSale())).token,
    'of another event, for the same user': await tokens.sign({ ...room, eventId: newId() }, held),
    'of another tenant': await tokens.sign({ ...room, tenantId: cast.otherTenantId }, held),
  };
}

describe('row 30: an event in high demand', () => {
  let someone: Admitted;
  let flawed: Record<string, string>;

  beforeAll(async () => {
    someone = await admitted(await onSale());
    flawed = await worthless(someone);
  });

  it('is not sold without an access token', async () => {
    expect(told(await buy(someone))).toEqual(REQUIRED);
    expect(told(await buy(someone, ''))).toEqual(REQUIRED);
  });

  it('is not sold for what is no token of this buyer for this event, and then for the one that is', async () => {
    for (const [flaw, token] of Object.entries(flawed)) {
      expect([flaw, ...told(await buy(someone, token))]).toEqual([flaw, ...INVALID]);
    }
    expect(await accessOf(someone)).toBe('issued');
    expect((await buy(someone, someone.token)).status).toBe(200);
    expect(await accessOf(someone)).toBe('consumed');
  });

  it('is not charged for either', async () => {
    const buyer = await admitted(someone.event);
    const { id } = running.world.orders.createOrder({
      eventId: buyer.event.id,
      userId: buyer.userId,
      lines: [{ ticketTypeId: buyer.event.typeId, quantity: 1 }],
    });
    const charge = (amount: unknown, token?: string) =>
      buyer.client.post(
        CHARGE,
        {
          orderId: id,
          amount,
          currency: 'USD',
          paymentMethod: 'stripe',
          paymentMethodId: newCard(),
        },
        headers(token),
      );
    const { expectedAmount } = (await charge(1, buyer.token)).body;
    expect(told(await charge(expectedAmount))).toEqual(REQUIRED);
    for (const [flaw, token] of Object.entries(await worthless(buyer))) {
      expect([flaw, ...told(await charge(expectedAmount, token))]).toEqual([flaw, ...INVALID]);
    }
    expect((await charge(expectedAmount, buyer.token)).status).toBe(200);
  });
});

describe('row 30: one access token', () => {
  it('buys once, however often it is shown at the same time', async () => {
    const someone = await admitted(await onSale());
    const tries = Array.from({ length: 8 }, () => buy(someone, someone.token));
    const answers = (await Promise.all(tries)).map(told);
    expect(answers.filter(([status]) => status === 200)).toHaveLength(1);
    const refused = answers.filter(([status]) => status !== 200);
    expect(refused).toEqual(Array<unknown>(7).fill(INVALID));
    expect(told(await buy(someone, someone.token))).toEqual(INVALID);
    const text = `SELECT count(*)::integer AS n FROM tickets WHERE event_id = $1 AND status = 'sold'`;
    expect(await query(running.world, text, [someone.event.id])).toEqual([{ n: 1 }]);
  });

  it('is given back by a card that is declined', async () => {
    const someone = await admitted(await onSale());
    const declined = await buy(someone, someone.token, CARDS.declined);
    expect(declined.status).toBe(402);
    expect(await accessOf(someone)).toBe('issued');
    expect((await buy(someone, someone.token)).status).toBe(200);
  });

  it('is kept while nobody knows whether the payment went through', async () => {
    const someone = await admitted(await onSale());
    running.world.stripe.setFaults({
      rules: [
        {
          fault: 'failAfter',
          times: 1,
          match: { method: 'POST', path: '^/v1/payment_intents$' },
        },
      ],
    });
    const unknown = await buy(someone, someone.token);
    expect([unknown.status, unknown.body.transaction.status]).toEqual([202, 'processing']);
    expect(await accessOf(someone)).toBe('reserved');
    expect(told(await buy(someone, someone.token))).toEqual(INVALID);
    await letTimePass(running.world);
    const path = `/api/v1/payments/transaction/${String(unknown.body.transaction.id)}`;
    await eventually(async () => {
      await someone.client.get(path);
      return (await accessOf(someone)) === 'consumed';
    }, 'the purchase');
    expect(told(await buy(someone, someone.token))).toEqual(INVALID);
  });
});
