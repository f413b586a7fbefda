import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import type { Uuid } from '../../src/kernel/ids.js';
import type { Forwarder } from '../../src/kernel/outbox/forwarder.js';
import { Forwarding } from '../../src/kernel/outbox/forwarding.js';
import type { ClaimedEvent } from '../../src/kernel/outbox/outbox-rows.js';
import { OutboxRelay } from '../../src/kernel/outbox/relay.js';
import {
  app,
  count,
  db,
  effects,
  endLeases,
  endPauses,
  event,
  many,
  newApp,
  published,
  relay,
  setMood,
  TENANT,
  unprocessed,
} from './outbox-world.js';

/** A broker's side of the port: what it is given, and what it is willing to take. */
class WillingBroker implements Forwarder {
  ready = true;
  readonly given: ClaimedEvent[] = [];
  takes: (event: ClaimedEvent) => boolean = () => true;

  forward(events: readonly ClaimedEvent[]): Promise<readonly ClaimedEvent[]> {
    this.given.push(...events);
    return Promise.resolve(events.filter((one) => this.takes(one)));
  }
}

const broker = new WillingBroker();

const given = () => broker.given.map(({ id }) => id).sort();
const idsOf = (events: readonly { readonly id: Uuid }[]) => events.map(({ id }) => id).sort();
const rows = () => db.query('SELECT attempts, heard_at, processed_at FROM outbox');

let forwarding: Forwarding;

beforeAll(() => {
  forwarding = app.get(Forwarding);
  forwarding.use(broker);
});
beforeEach(() => {
  broker.ready = true;
  broker.given.length = 0;
  broker.takes = () => true;
});

describe('an event that goes on to a broker', () => {
  it('is processed when its subscribers have had it and the broker has confirmed it', async () => {
    const [sent] = await published(TENANT, event({ correlationId: 'c-1' }));
    await relay.pass();
    expect(await effects()).toHaveLength(1);
    expect(await rows()).toEqual([
      { attempts: 0, heard_at: expect.any(Date) as Date, processed_at: null },
    ]);
    expect(await forwarding.pass()).toBe(1);
    expect(broker.given).toEqual([expect.objectContaining({ ...sent, tenantId: TENANT })]);
    expect(await unprocessed()).toBe(0);
    expect(await forwarding.pass()).toBe(0);
    expect(await relay.pass()).toBe(0);
  });

  it('goes on although nobody here follows it', async () => {
    const sent = await published(TENANT, event({ type: 'thing.ignored' }));
    await relay.pass();
    expect(await unprocessed()).toBe(1);
    await forwarding.pass();
    expect(given()).toEqual(idsOf(sent));
    expect(await unprocessed()).toBe(0);
  });

  it('is left alone while the broker is away, and keeps no later one from its subscribers', async () => {
    broker.ready = false;
    const early = await published(TENANT, ...many(450));
    while ((await relay.pass()) > 0);
    for (let pass = 1; pass <= 10; pass++) expect(await forwarding.pass()).toBe(0);
    const late = await published(TENANT, event());
    expect(await relay.pass()).toBe(1);
    expect(await effects()).toHaveLength(451);
    expect(await unprocessed()).toBe(451);
    expect(await count('SELECT count(*) FROM outbox WHERE attempts > 0')).toBe(0);
    broker.ready = true;
    while ((await forwarding.pass()) > 0);
    expect(given()).toEqual(idsOf([...early, ...late]));
    expect(await unprocessed()).toBe(0);
  });

  it('comes again when it was not confirmed, however often, and is never a dead letter', async () => {
    const [good, bad] = await published(TENANT, event(), event());
    broker.takes = ({ id }) => id !== bad?.id;
    await relay.pass();
    for (let pass = 1; pass <= 7; pass++) {
      await forwarding.pass();
      expect(await forwarding.pass()).toBe(0);
      await endPauses();
    }
    expect(given().filter((id) => id === good?.id)).toHaveLength(1);
    expect(given().filter((id) => id === bad?.id)).toHaveLength(7);
    expect(await count('SELECT count(*) FROM outbox_dlq')).toBe(0);
    expect(await unprocessed()).toBe(1);
    broker.takes = () => true;
    await forwarding.pass();
    expect(await unprocessed()).toBe(0);
    expect(await effects()).toHaveLength(2);
  });

  it('is sent again when the process died between confirmation and marking', async () => {
    const [sent] = await published(TENANT, event());
    await relay.pass();
    armFailpoints('outbox.after_forwarding:throw');
    await expect(forwarding.pass()).rejects.toThrow('failpoint');
    armFailpoints(undefined);
    expect(await forwarding.pass()).toBe(0);
    await endLeases();
    await forwarding.pass();
    expect(given()).toEqual([sent?.id, sent?.id]);
    expect(await unprocessed()).toBe(0);
  });

  it('goes on when one of ours has rejected it for good', async () => {
    setMood(() => {
      throw new Error('no');
    });
    const sent = await published(TENANT, event());
    for (let pass = 1; pass <= 5; pass++) {
      await relay.pass();
      await endPauses();
    }
    expect(await count('SELECT count(*) FROM outbox_dlq')).toBe(1);
    await forwarding.pass();
    expect(given()).toEqual(idsOf(sent));
    expect(await unprocessed()).toBe(0);
  });
});

it('shares what is to be forwarded between processes, each event once', async () => {
  const others = await Promise.all([newApp(), newApp()]);
  for (const other of others) {
    other.get(Forwarding).use(broker);
    await other.init();
  }
  const sent = await published(TENANT, ...many(500));
  while ((await relay.pass()) > 0);
  const all = [forwarding, ...others.map((other) => other.get(Forwarding))];
  await Promise.all(
    all.map(async (own) => {
      while ((await own.pass()) > 0);
    }),
  );
  expect(given()).toEqual(idsOf(sent));
  expect(await unprocessed()).toBe(0);
  await Promise.all(others.map((other) => other.close()));
});

it('lets go, after a day, of what waited for a broker that is not configured any more', async () => {
  await published(TENANT, event(), event());
  await relay.pass();
  const without = await newApp();
  await without.init();
  await without.get(Forwarding).pass();
  expect(await unprocessed()).toBe(2);
  await db.query(`UPDATE outbox SET heard_at = now() - interval '25 hours'`);
  await without.get(Forwarding).pass();
  expect(await unprocessed()).toBe(0);
  await without.close();
});

it('processes at once where no broker is configured', async () => {
  const without = await newApp();
  await without.init();
  await published(TENANT, event(), event({ type: 'thing.ignored' }));
  await without.get(OutboxRelay).pass();
  expect(await unprocessed()).toBe(0);
  expect(broker.given).toEqual([]);
  await without.close();
});
