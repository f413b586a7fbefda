import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './emulators.js';
import { familyMs, processMs } from './processor-time.js';
import { shoppersOf, type Stage } from './stage.js';

/** What one stretch of purchases took. */
export interface Slice {
  readonly purchases: number;
  readonly seconds: number;
  readonly latenciesMs: Float64Array;
  /** Processor time of the process that wrote; null where the system does not tell. */
  readonly nodeMs: number | null;
  readonly postgresMs: number | null;
  readonly walBytes: number;
}

export interface Sale {
  readonly clients: number;
  readonly targets: readonly Target[];
  readonly seconds: number;
}

/** Purchases over HTTP; the clock stops when the relay has drained. */
export async function sell(stage: Stage, sale: Sale): Promise<Slice> {
  const { application, books, buyers } = stage;
  return measured(stage, async () => {
    const before = processMs(application.pid);
    const { url } = application;
    const { latenciesMs } = await buyers.ask({ ...sale, url, buyers: shoppersOf(stage.opening) });
    await waitForWebhooks(stage);
    await books.drained();
    return { latenciesMs, nodeMs: minus(processMs(application.pid), before) };
  });
}

/** The recorded purchases written again, while the application is halted. */
export async function replay(stage: Stage, connections: number, seconds: number): Promise<Slice> {
  const { application, books, ceiling } = stage;
  application.pause();
  const slice = await measured(stage, async () => {
    const written = await ceiling.ask({ run: { connections, seconds } });
    if (!written) throw new Error('the ceiling was not asked to write');
    return { latenciesMs: written.latenciesMs, nodeMs: written.processorMs };
  }).finally(() => {
    application.resume();
  });
  await books.drained();
  return slice;
}

type Run = () => Promise<Pick<Slice, 'latenciesMs' | 'nodeMs'>>;

async function measured({ books, server }: Stage, run: Run): Promise<Slice> {
  const walBefore = await books.walBytes();
  const postgresBefore = familyMs(server.pid);
  const from = performance.now();
  const { latenciesMs, nodeMs } = await run();
  const seconds = (performance.now() - from) / 1_000;
  return {
    purchases: latenciesMs.length,
    seconds,
    latenciesMs,
    nodeMs,
    postgresMs: minus(familyMs(server.pid), postgresBefore),
    walBytes: (await books.walBytes()) - walBefore,
  };
}

async function waitForWebhooks({ emulators }: Stage): Promise<void> {
  while (((await emulators.ask({ pendingWebhooks: true })) as number) > 0) await sleep(5);
}

function minus(after: number | null, before: number | null): number | null {
  return after === null || before === null ? null : after - before;
}
