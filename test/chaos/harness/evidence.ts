import { createWriteStream, writeFileSync } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { query } from '../../support/shop.js';
import type { Stage } from './stage.js';

/**
 * Puts beside the processes' logs what both sides hold: the provider's truth and its events, and
 * every table, a row a line. Answers the folder.
 */
export async function keepEvidence({ world, logFolder }: Stage): Promise<string> {
  const { stripe } = world;
  const provider = { ...stripe.truth(), events: stripe.news() };
  writeFileSync(path.join(logFolder, 'provider.json'), JSON.stringify(provider));
  const tables = await query(
    world,
    `SELECT relname AS name FROM pg_class
    WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace`,
  );
  for (const { name } of tables) {
    const rows = await query(world, `SELECT row_to_json(t)::text AS line FROM ${String(name)} t`);
    const file = createWriteStream(path.join(logFolder, `${String(name)}.jsonl`));
    for (const { line } of rows) file.write(`${String(line)}\n`);
    file.end();
    await once(file, 'finish');
  }
  return logFolder;
}
