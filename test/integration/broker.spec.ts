import { newId } from '../../src/kernel/ids.js';
import { messageOf } from '../../src/kernel/broker/broker-message.js';
import { registry } from '../../src/kernel/observability/index.js';
import { Forwarding } from '../../src/kernel/outbox/forwarding.js';
import type { ClaimedEvent } from '../../src/kernel/outbox/outbox-rows.js';
import { messageOf as webhookBodyOf } from '../../src/webhooks/domain/message.js';
import { bindQueue, type BrokerWorld, drainQueue, startBrokerWorld } from './broker-world.js';
import { describeWithRabbit, startRabbit, type TestRabbit } from '../support/rabbitmq.js';
import { until } from './outbox-database.js';

const START_MS = 120_000;

const measured = async (name: string) => {
  const metric = await registry.getSingleMetric(name)?.get();
  return metric?.values[0]?.value ?? Number.NaN;
};

describeWithRabbit('events on RabbitMQ', () => {
  let rabbit: TestRabbit;
  let world: BrokerWorld;
  let queue: string;

  beforeAll(async () => {
    rabbit = await startRabbit();
  }, START_MS);
  afterAll(() => rabbit.close(), START_MS);
  beforeAll(async () => {
    world = await startBrokerWorld(rabbit.url);
    await until(() => world.isUp());
  }, START_MS);
  afterAll(() => world.close());
  beforeEach(() => {
    queue = `queue-${newId()}`;
  });

  const isDone = async () => (await world.unprocessed()) === 0;

  it('arrive as messages that say what they are, each under the event’s id', async () => {
    await bindQueue(rabbit, queue);
    const aggregateId = newId();
    const [id] = await world.publish(1, { aggregateId, correlationId: 'c-1' });
    await until(isDone);
    const [message] = await drainQueue(rabbit, queue, 1);
    expect(message?.fields).toMatchObject({
      exchange: 'tickettoken.events',
      routingKey: 'thing.happened',
    });
    expect(message?.properties).toMatchObject({
      messageId: id,
      type: 'thing.happened',
      timestamp: Date.parse('2026-01-12T10:00:00Z') / 1_000,
      contentType: 'application/json',
      correlationId: 'c-1',
      deliveryMode: 2,
      headers: { tenant: world.tenantId, version: 1, aggregateType: 'thing', aggregateId },
    });
    expect(JSON.parse(String(message?.content))).toEqual({
      id,
      type: 'thing.happened',
      version: 1,
      timestamp: '2026-01-12T10:00:00.500Z',
      tenantId: world.tenantId,
      aggregate: { type: 'thing', id: aggregateId },
      correlationId: 'c-1',
      data: { cents: 11_845 },
    });
  });

  it('arrive where they are asked for by type, followed here or not', async () => {
    await bindQueue(rabbit, queue, 'thing.ended');
    await world.publish(3);
    const ended = await world.publish(2, { type: 'thing.ended' });
    await until(isDone);
    const messages = await drainQueue(rabbit, queue, 2);
    const ids = messages.map(({ properties }) => String(properties.messageId));
    expect(ids.sort()).toEqual([...ended].sort());
  });

  it('are done when nobody has bound a queue, and counted as unrouted', async () => {
    const connection = await rabbit.connect();
    const channel = await connection.createChannel();
    await channel.deleteExchange('tickettoken.events');
    await channel.assertExchange('tickettoken.events', 'topic', { durable: true });
    await connection.close();
    const [before, published] = [
      await measured('broker_unrouted_total'),
      await measured('broker_published_total'),
    ];
    await world.publish(4);
    await until(isDone);
    expect(await measured('broker_unrouted_total')).toBe(before + 4);
    expect(await measured('broker_published_total')).toBe(published + 4);
    expect(await measured('broker_unconfirmed')).toBe(0);
  });

  it('wait for the exchange to be there again when somebody deletes it', async () => {
    const connection = await rabbit.connect();
    const channel = await connection.createChannel();
    await channel.deleteExchange('tickettoken.events');
    await connection.close();
    const [id] = await world.publish(1);
    await until(async () => (await world.effects()) > 0);
    await until(isDone);
    await bindQueue(rabbit, queue);
    const [later] = await world.publish(1);
    await until(isDone);
    const messages = await drainQueue(rabbit, queue, 1);
    expect(messages.map(({ properties }) => String(properties.messageId))).toContain(later);
    expect(await world.count(`SELECT count(*) FROM outbox WHERE event_id = '${id}'`)).toBe(1);
  });

  it('are not forwarded by a process that only answers requests', async () => {
    const api = await startBrokerWorld(rabbit.url, { ROLE: 'api' });
    expect(api.app.get(Forwarding).exists).toBe(false);
    expect(await api.isUp()).toBe(false);
    await api.close();
  });
});

it('the body of a message is, to the byte, the body of a webhook', () => {
  const event = {
    ...{ tenantId: newId(), id: newId(), type: 'thing.happened', version: 1, sequence: 7 },
    ...{ aggregateType: 'thing', aggregateId: newId(), occurredAt: new Date() },
    ...{ payload: { cents: 11_845 }, correlationId: 'c-1' },
    ...{ attempts: 0, leaseUntil: new Date(), traceparent: null },
  };
  for (const one of [event, { ...event, sequence: undefined, correlationId: undefined }]) {
    expect(String(messageOf(one as ClaimedEvent).content)).toBe(webhookBodyOf(one as ClaimedEvent));
  }
});

describe('a broker that is not there when the process starts', () => {
  it('delays no start, degrades the process and keeps the events', async () => {
    const world = await startBrokerWorld('amqp://guest:guest@127.0.0.1:9');
    try {
      await world.publish(5);
      await until(async () => (await world.effects()) === 5);
      expect(await world.isUp()).toBe(false);
      expect(await measured('broker_up')).toBe(0);
      expect(await world.unprocessed()).toBe(5);
      expect(await world.count('SELECT count(*) FROM outbox WHERE attempts > 0')).toBe(0);
    } finally {
      await world.close();
    }
  });
});
