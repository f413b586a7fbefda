import type { Belongings } from '../../support/belongings.js';
import { startRabbit } from '../../support/rabbitmq.js';
import { startRedis } from '../../support/redis.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import type { Troubled } from './incidents.js';
import { Listener } from './listener.js';

/** A Redis of its own behind a proxy. */
export async function placeRedis(belongings: Belongings): Promise<Troubled> {
  const redis = await belongings.add(startRedis(), (running) => running.close());
  const proxy = await belongings.add(TcpProxy.start(redis.url), (open) => open.close());
  return {
    proxy,
    restart: async () => {
      await redis.stop();
      await redis.start();
    },
    flush: async () => {
      await redis.client.flushall();
    },
  };
}

/** A RabbitMQ of its own behind a proxy, and somebody who listens to it. */
export async function placeRabbit(
  belongings: Belongings,
): Promise<Troubled & { readonly listener: Listener }> {
  const rabbit = await belongings.add(startRabbit(), (running) => running.close());
  const proxy = await belongings.add(TcpProxy.start(rabbit.url), (open) => open.close());
  return {
    proxy,
    listener: await Listener.bind(rabbit),
    restart: async () => {
      await rabbit.stop();
      await rabbit.start();
    },
  };
}
