import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../../kernel/postgres/database.js';
import { sql } from '../../kernel/postgres/sql.js';
import { TRANSITIONS } from '../domain/transitions.js';

/** At start-up: the transitions that the code knows are those that guard the database, to the row. */
@Injectable()
export class StateMachineCheck implements OnApplicationBootstrap {
  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    const [result] = await this.database.asWorker([
      sql`SELECT from_state || ' ' || event_type || ' ' || to_state AS row
        FROM payment_state_machine WHERE is_valid`,
    ]);
    const stored = new Set((result?.rows ?? []).map((row) => row.row as string));
    const known = new Set(TRANSITIONS.map(({ from, event, to }) => `${from} ${event} ${to}`));
    const missing = [...known].filter((row) => !stored.has(row));
    const foreign = [...stored].filter((row) => !known.has(row));
    if (missing.length + foreign.length === 0) return;
    throw new Error(
      `payment_state_machine differs from the code. Missing: ${missing.join(', ') || 'none'}. ` +
        `Unknown: ${foreign.join(', ') || 'none'}. Run npm run migrate.`,
    );
  }
}
