import type { Belongings } from '../../support/belongings.js';
import { startChains, type TestChains } from '../../support/chains.js';
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

/** Both chains, each node behind a proxy; `env` leads the application through them. */
export async function placeChains(belongings: Belongings): Promise<{
  readonly chains: TestChains;
  readonly env: Readonly<Record<string, string>>;
  readonly polygon: Troubled;
  readonly solana: Troubled;
}> {
  const chains = await belongings.add(startChains(), (running) => running.close());
  const { polygon, solana } = chains;
  const start = (url: string) => belongings.add(TcpProxy.start(url), (open) => open.close());
  const [evm, svm] = [await start(polygon.rpcUrl), await start(solana.rpcUrl)];
  return {
    chains,
    env: { ...chains.env, POLYGON_RPC_URL: evm.url, SOLANA_RPC_URL: svm.url },
    polygon: { proxy: evm, reorganize: () => polygon.reorganize(2) },
    solana: {
      proxy: svm,
      expire: () => {
        solana.expireBlockhashes();
      },
    },
  };
}
