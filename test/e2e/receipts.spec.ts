import { CARDS } from '../../src/sandbox/cards.js';
import { type RunningApp, startApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import { mailAbout, mailsAbout, withMail } from '../support/mails.js';
import { eventually, newKey, orderOf, PROCESS, query, Shop } from '../support/shop.js';
import type { TestWorld } from '../support/world.js';

const HOSTILE = 'Bright"\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>';

let app: RunningApp;
let world: TestWorld;
let shop: Shop;

beforeAll(async () => {
  app = await startApp(withMail);
  ({ world } = app);
  shop = new Shop(world);
});
afterAll(() => app.close());

/** Somebody the user service knows. */
async function person(known: Parameters<TestWorld['users']['createUser']>[0] = {}) {
  const user = world.users.createUser(known);
  return { user, client: await shop.buyer(app.url, user.id) };
}

/** An event of a name of its own, so that its mails can be told from the others'. */
function eventCalled(name: string) {
  const venueId = world.tickets.createVenue().id;
  const type = { name: 'Any', priceCents: 5_000, capacity: 100, seated: false };
  const made = world.tickets.createEvent({ venueId, name, ticketTypes: [type] });
  return { id: made.id, venueId, typeId: made.ticketTypes[0]?.id ?? '', priceCents: 5_000 };
}

async function buy(client: Client, event: ReturnType<typeof eventCalled>, quantity = 2) {
  const bought = await client.pay(PROCESS, orderOf(event, { quantity }));
  expect(bought.body.transaction.status).toBe('completed');
  return String(bought.body.transaction.id);
}

function jobsOf(paymentId: string) {
  return query(
    world,
    `SELECT id, status, attempts, last_error, payload FROM jobs
     WHERE payload->>'paymentId' = $1 ORDER BY created_at`,
    [paymentId],
  );
}

describe('receipts', () => {
  it('tell a buyer what was bought and charged, to the cent', async () => {
    const { user, client } = await person({ name: 'Ada O’Neill', email: 'ada@example.com' });
    const paymentId = await buy(client, eventCalled('Ledger Night'));
    const mail = await mailAbout(world, 'Your receipt for Ledger Night');
    const { body } = await client.get(`/api/v1/payments/transaction/${paymentId}`);
    const charged = Number(body.transaction.amountCharged);
    const total = `$${Math.trunc(charged / 100)}.${String(charged % 100).padStart(2, '0')}`;
    expect(mail.to).toEqual([user.email]);
    expect(mail.text).toContain('Hello Ada O’Neill,');
    expect(mail.text).toMatch(/2 tickets: +\$100\.00\n/);
    expect(mail.text).toMatch(new RegExp(`Total charged: +\\${total}\n`));
    expect(mail.text).toContain(paymentId);
    expect(mail.html).toContain(total);
    const amounts = [...mail.text.matchAll(/: +\$([\d,]+)\.(\d\d)$/gm)].map(
      ([, whole = '', cents = '']) => Number(whole.replace(',', '') + cents),
    );
    expect(amounts.pop()).toBe(charged);
    expect(amounts.reduce((a, b) => a + b, 0)).toBe(charged);
  });

  it('come once, from whom they should, under the id of their job', async () => {
    const { client } = await person();
    const paymentId = await buy(client, eventCalled('Once Only'));
    const mail = await mailAbout(world, 'Your receipt for Once Only');
    const [job] = await jobsOf(paymentId);
    await eventually(async () => (await jobsOf(paymentId))[0]?.status === 'done');
    expect(mailsAbout(world, 'Your receipt for Once Only')).toHaveLength(1);
    expect(mail.messageId).toBe(`<${String(job?.id)}@tickettoken.example>`);
    expect(mail.from).toBe('receipts@tickettoken.example');
    expect(mail.headers).toContainEqual({ key: 'auto-submitted', value: 'auto-generated' });
  });

  it('leave no name and no address in jobs, events or items', async () => {
    const { client } = await person({ name: 'Quentin Unmistakable', email: 'q.u@example.net' });
    await buy(client, eventCalled('Discreet'));
    await mailAbout(world, 'Your receipt for Discreet');
    for (const table of ['jobs', 'outbox', 'event_inbox', 'open_items', 'payment_event_sequence']) {
      const [found] = await query(
        world,
        `SELECT count(*)::integer AS n FROM ${table} t
         WHERE to_jsonb(t)::text ~* 'unmistakable|q\\.u@example'`,
      );
      expect([table, found?.n]).toEqual([table, 0]);
    }
  });

  it('are not sent for a card that was declined', async () => {
    const { client } = await person();
    const event = eventCalled('Declined');
    const refused = await client.pay(PROCESS, orderOf(event, { card: CARDS.declined }));
    expect(refused.status).toBe(402);
    await buy(client, event, 1);
    await mailAbout(world, 'Your receipt for Declined');
    expect(mailsAbout(world, 'Your receipt for Declined')).toHaveLength(1);
  });
});

describe('a buyer without an address', () => {
  it.each([
    ['whom the user service does not know', undefined],
    ['with two addresses in one', 'a@example.com, b@example.com'],
    ['with an address that breaks a line', 'a@example.com\r\nBcc: victim@example.org'],
    ['with no address', ''],
  ])('%s gets no mail, and the job is done', async (_, email) => {
    const { client, user } = await person();
    const kept = world.users.createUser({ id: user.id, ...(email !== undefined && { email }) });
    const other = email === undefined ? await shop.buyer(app.url) : client;
    expect(kept.id).toBe(user.id);
    const before = world.mailbox.mails().length;
    const paymentId = await buy(other, eventCalled('Nobody'), 1);
    const job = await eventually(async () => {
      const [found] = await jobsOf(paymentId);
      return found?.status === 'done' && found;
    });
    expect(job).toMatchObject({ attempts: 0, last_error: null });
    expect(world.mailbox.mails()).toHaveLength(before);
  });
});

describe('refunds', () => {
  it('are confirmed with what was paid back', async () => {
    const { client, user } = await person({ email: 'back@example.com' });
    const paymentId = await buy(client, eventCalled('Given Back'));
    const path = `/api/v1/payments/transaction/${paymentId}/refund`;
    const admin = await shop.as(app.url, 'admin');
    const refunded = await admin.pay(path, { reason: 'cannot come' });
    const { amount } = refunded.body.refund as { amount: number };
    const mail = await mailAbout(world, 'Your refund for Given Back');
    expect(mail.to).toEqual([user.email]);
    expect(mail.text).toMatch(new RegExp(`Refunded: +\\$${(amount / 100).toFixed(2)}\n`));
    expect(mail.text).not.toContain('cannot come');
  });
});

describe('a cancelled event', () => {
  it('is told to everyone who paid, and to each of them that the money went back', async () => {
    const event = eventCalled('Called Off');
    const people = await Promise.all([person(), person(), person()]);
    for (const { client } of people) await buy(client, event, 1);
    const path = `/api/v1/events/${event.id}/cancel`;
    const admin = await shop.as(app.url, 'admin');
    expect((await admin.pay(path, { reason: 'storm', refundFees: true })).status).toBeLessThan(300);
    const addresses = people.map(({ user }) => user.email).sort();
    for (const subject of ['Cancelled: Called Off', 'Your refund for Called Off']) {
      const told = () => mailsAbout(world, subject).flatMap(({ to }) => to);
      await eventually(() => told().length >= people.length, subject);
      expect(told().sort()).toEqual(addresses);
    }
    expect(mailsAbout(world, 'Your refund for Called Off')[0]?.text).toContain('was cancelled');
    await admin.pay(path, { reason: 'storm', refundFees: true }, newKey());
    expect(mailsAbout(world, 'Cancelled: Called Off')).toHaveLength(people.length);
  });
});

describe('row 41: text from outside cannot write headers, lines or markup', () => {
  it('neither a person’s name nor an event’s', async () => {
    const { client } = await person({ name: HOSTILE, email: 'hostile@example.com' });
    await buy(client, eventCalled(`Loud ${HOSTILE}`), 1);
    const mail = await mailAbout(world, 'Your receipt for Loud');
    expect(mail.to).toEqual(['hostile@example.com']);
    expect(mail.headers.filter(({ key }) => key === 'bcc' || key === 'cc')).toEqual([]);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.text).not.toMatch(/^Bcc:/m);
    expect(mail.html).not.toContain('<script>');
    expect(mail.html).toContain('&lt;script&gt;');
  });
});
