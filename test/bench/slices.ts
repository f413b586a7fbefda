import { familyMs, processMs } from './processor-time.js';
import { CLIENTS, type Stage } from './stage.js';
import type { Target } from './emulators.js';

/** What one stretch of purchases took, until the last event was relayed. */
export interface Slice {
  readonly purchases: number;
  readonly seconds: number;
  readonly latenciesMs: Float64Array;
  /** Processor time of the process that wrote; null where it cannot be read. */
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
export async function sell(stage: Stage, { clients, targets, seconds }: Sale): Promise<Slice> {
  const { application, books, buyers, opening } = stage;
  const stop = await startClock(stage, () => processMs(application.pid));
  const { latenciesMs } = await buyers.ask({
    url: application.url,
    clients,
    targets,
    buyers: opening.buyers,
    seconds,
  });
  await books.drained();
  return stop(latenciesMs);
}

/** The same, with the provider's webhooks delivered and handled before the clock stops. */
export async function sellWithWebhooks(stage: Stage, sale: Sale): Promise<Slice> {
  const { application, books, emulators } = stage;
  await emulators.ask({ webhooksTo: application.url });
  const stop = await startClock(stage, () => processMs(application.pid));
  const { latenciesMs } = await stage.buyers.ask({
    url: application.url,
    buyers: stage.opening.buyers,
    ...sale,
  });
  while (((await emulators.ask({ pendingWebhooks: true })) as number) > 0);
  await books.drained();
  return stop(latenciesMs);
}

/** The ceiling: the recorded purchases written again while the application is halted. */
export async function replay(stage: Stage, connections: number, seconds: number): Promise<Slice> {
  const { application, ceiling, books } = stage;
  application.pause();
  let slice: Slice;
  try {
    const stop = await startClock(stage, () => 0);
    const written = await ceiling.ask({ run: { connections, seconds } });
    if (!written) throw new Error('the ceiling was not asked to write');
    slice = { ...stop(written.latenciesMs, await books.walBytes()), nodeMs: written.userAndSystemMs };
  } finally {
    application.resume();
  }
  await books.drained();
  return slice;
}
