import type { INestApplicationContext } from '@nestjs/common';
import { type QueueName, type WorkSource, WorkSources } from '../../src/kernel/jobs/index.js';

/** A source of work of a running application, to be worked through pass by pass. */
export function workOf(app: INestApplicationContext, name: string): WorkSource {
  const source = app.get(WorkSources).named(name);
  if (!source) throw new Error(`there is no work called ${name}`);
  return source;
}

/** Works once on whatever is due in a queue, as a process does by itself. */
export async function workIn(app: INestApplicationContext, queue: QueueName): Promise<void> {
  const sources = app.get(WorkSources).all();
  await Promise.all(
    sources.filter((source) => source.queue === queue).map((source) => source.pass()),
  );
}
