import { setTimeout as sleep } from 'node:timers/promises';
import type { Uuid } from '../../src/kernel/ids.js';
import {
  bindQueue,
  type BrokerWorld,
  drainQueue,
  startBrokerWorld,
} from '../integration/broker-world.js';
import { describeWithRabbit, startRabbit, type TestRabbit } from '../support/rabbitmq.js';
import { TcpProxy } from '../support/tcp-proxy.js';

/** How long the broker is away under load: two minutes with RABBITMQ_AWAY_MS=120000. */
const AWAY_MS = Number(process.env.RABBITMQ_AWAY_MS ?? 4_000);
const PATIENCE_MS = 60_000;
const TEST_MS = AWAY_MS + 3 * PATIENCE_MS;
const QUEUE = 'onlooker';

describeWithRabbit('row 20: RabbitMQ away', () => {
  let rabbit: TestRabbit;
  let proxy: TcpProxy;
  let world: BrokerWorld;

  beforeAll(async () => {
    rabbit = await startRabbit();
    proxy = await TcpProxy.start(rabbit.url);
  }, TEST_MS);
  afterAll(async () => {
    await proxy.close();
    await rabbit.close();
  }, TEST_MS);
  beforeEach(async () => {
    await bindQueue(rabbit, QUEUE);
    world = await startBrokerWorld(proxy.url);
    await within('the first connection', () => world.isUp());
  }, TEST_MS);
  afterEach(() => world.close());

  /** Nothing lost, nothing given up, nothing counted, nothing left. */
  async function expectAllDelivered(sent: readonly Uuid[]): Promise<string[]> {
    await within('the backlog', async () => (await world.unprocessed()) === 0);
    const messages = await drainQueue(rabbit, QUEUE, sent.length);
    const heard = messages.map(({ properties }) => String(properties.messageId));
    expect([...new Set(heard)].sort()).toEqual([...sent].sort());
    expect(await world.effects()).toBe(sent.length);
    expect(await world.count('SELECT count(*) FROM outbox_dlq')).toBe(0);
    expect(await world.count('SELECT count(*) FROM outbox WHERE attempts > 0')).toBe(0);
    return heard;
  }

  /** The events so far have reached their subscriber, and some of them wait for the broker. */
  async function expectOnlyBrokerWaits(sent: readonly Uuid[]): Promise<void> {
    await within('the subscriber', async () => (await world.effects()) === sent.length);
    expect(await world.unprocessed()).toBeGreaterThan(0);
  }

  it(
    'stopped under load and started again: the subscribers go on, the backlog is drained',
    async () => {
      const load = new Load(world);
      await sleep(500);
      await rabbit.stop();
      await sleep(AWAY_MS);
      await expectOnlyBrokerWaits(await load.pause());
      expect(await world.isUp()).toBe(false);
      load.resume();
      await rabbit.start();
      await within('the next connection', () => world.isUp());
      await sleep(500);
      await expectAllDelivered(await load.pause());
    },
    TEST_MS,
  );

  it(
    'connected and silent: it is noticed, the subscribers go on, the backlog is drained',
    async () => {
      const load = new Load(world);
      await sleep(500);
      proxy.hold();
      await within('the silence', async () => !(await world.isUp()));
      await expectOnlyBrokerWaits(await load.pause());
      load.resume();
      await sleep(500);
      proxy.release();
      await within('the next connection', () => world.isUp());
      await expectAllDelivered(await load.pause());
    },
    TEST_MS,
  );

  it(
    'cut off between message and confirmation: the message comes again under its id',
    async () => {
      const reached = new Promise<void>((resolve) => {
        proxy.onSent = (bytes) => {
          if (bytes.includes('thing.happened')) resolve();
        };
      });
      proxy.hold();
      const sent = await world.publish(50);
      await reached;
      // The broker has them, and its confirmations are here.
      await sleep(300);
      proxy.cut();
      const heard = await expectAllDelivered(sent);
      expect(heard.length).toBeGreaterThan(sent.length);
    },
    TEST_MS,
  );
});

/** Publishes a few events again and again. */
class Load {
  private readonly sent: Uuid[] = [];
  private running = true;
  private work: Promise<void>;

  constructor(private readonly world: BrokerWorld) {
    this.work = this.run();
  }

  /** Answers everything that was published, when nothing is on its way. */
  async pause(): Promise<readonly Uuid[]> {
    this.running = false;
    await this.work;
    return this.sent;
  }

  resume(): void {
    this.running = true;
    this.work = this.run();
  }

  private async run(): Promise<void> {
    while (this.running) {
      this.sent.push(...(await this.world.publish(10)));
      await sleep(50);
    }
  }
}

async function within(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await holds());) {
    if (Date.now() > end) throw new Error(`${what} took too long`);
    await sleep(50);
  }
}
