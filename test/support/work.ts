import type { INestApplicationContext } from '@nestjs/common';
import { type WorkSource, WorkSources } from '../../src/kernel/jobs/index.js';

/** A source of work of a running application, to be worked through pass by pass. */
export function workOf(app: INestApplicationContext, name: string): WorkSource {
  const source = app.get(WorkSources).named(name);
  if (!source) throw new Error(`there is no work called ${name}`);
  return source;
}
