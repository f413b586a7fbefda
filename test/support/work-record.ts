import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, query } from './shop.js';
import type { TestWorld } from './world.js';

/** Something that a process did with a row of work. */
interface Deed {
  readonly process: string;
  /** Table and id. */
  readonly row: string;
}

/** Longer than the provider takes to settle a charge. */
const QUIET_MS = 1_000;

const TABLES = ['webhook_inbox', 'saga_commands', 'jobs'];

/** Who claims and who finishes rows of work from now on, as the database itself sees it. */
export async function recordWork(world: TestWorld): Promise<WorkRecord> {
  await query(
    world,
    `CREATE SCHEMA onlooker;
     CREATE TABLE onlooker.work_record (
       process text, row_name text, status_was text, status text, was_leased boolean, leases boolean
     );
     CREATE FUNCTION onlooker.record_work() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
     BEGIN
       INSERT INTO onlooker.work_record VALUES (
         current_setting('application_name'), TG_TABLE_NAME || ' ' || NEW.id,
         OLD.status, NEW.status, OLD.lease_until IS NOT NULL,
         NEW.lease_until IS NOT NULL AND NEW.lease_until IS DISTINCT FROM OLD.lease_until
       );
       RETURN NULL;
     END $$;
     ${TABLES.map(
       (table) => `CREATE TRIGGER recorded AFTER UPDATE ON ${table}
         FOR EACH ROW EXECUTE FUNCTION onlooker.record_work();`,
     ).join('\n')}`,
  );
  return new WorkRecord(world);
}

/** What the processes have done. Each is known by the name that `named` gave its connections. */
export class WorkRecord {
  constructor(private readonly world: TestWorld) {}

  /** The address of the database for the process of this name. */
  named(process: string): { DATABASE_URL: string } {
    const url = new URL(this.world.description.databaseUrl);
    url.searchParams.set('application_name', process);
    return { DATABASE_URL: url.toString() };
  }

  claims(): Promise<Deed[]> {
    return this.deeds('leases');
  }

  /** Claims of a row that another process still had: nothing has died, so there must be none. */
  thefts(): Promise<Deed[]> {
    return this.deeds('leases AND was_leased');
  }

  finished(): Promise<Deed[]> {
    return this.deeds(
      `status IN ('processed', 'done', 'failed', 'quarantined') AND status <> status_was`,
    );
  }

  /** Resolves when nothing waits any more, nor comes: the provider tells some things a little later. */
  async allDone(): Promise<void> {
    await eventually(async () => {
      if ((await this.open()) > 0) return false;
      await sleep(QUIET_MS);
      return (await this.open()) === 0;
    }, 'everything to be done');
  }

  /** Rows that wait or are being worked on, events that are not delivered, operations under way. */
  private async open(): Promise<number> {
    const to = `${this.world.stripe.baseUrl}/__emulator/webhooks/deliveries`;
    const { pending } = (await (await fetch(to)).json()) as { pending: number };
    const [row] = await query(
      this.world,
      `SELECT (SELECT count(*) FROM webhook_inbox WHERE status IN ('pending', 'processing'))
        + (SELECT count(*) FROM saga_commands WHERE status = 'pending')
        + (SELECT count(*) FROM jobs WHERE status = 'pending')
        + (SELECT count(*) FROM outbox WHERE processed_at IS NULL)
        + (SELECT count(*) FROM payment_intents WHERE next_attempt_at IS NOT NULL) AS open`,
    );
    return pending + Number(row?.open);
  }

  private async deeds(condition: string): Promise<Deed[]> {
    const rows = await query(
      this.world,
      `SELECT process, row_name AS row FROM onlooker.work_record WHERE ${condition}`,
    );
    return rows as unknown as Deed[];
  }
}

/** Rows that are more than once among the deeds. */
export function repeated(deeds: readonly Deed[]): string[] {
  const seen = new Set<string>();
  return deeds.map(({ row }) => row).filter((row) => seen.has(row) || !seen.add(row));
}
