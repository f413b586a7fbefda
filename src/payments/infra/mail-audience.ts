import { Injectable } from '@nestjs/common';
import type { Uuid } from '../../kernel/ids.js';
import type { Job, JobHandler } from '../../kernel/jobs/index.js';
import { Database } from '../../kernel/postgres/database.js';
import { sql, type Statement } from '../../kernel/postgres/sql.js';
import { type Audience, writeToAudience, writeToBuyer } from './mail-jobs.js';

/** Letters that one job makes: a big event's buyers do not stand in one transaction. */
const PAGE = 200;

/**
 * Has a letter written to everyone who paid for a cancelled event, a page a job. Who was still
 * paying at that moment is not among them: their refund's confirmation says why it came.
 */
@Injectable()
export class MailAudience implements JobHandler<Audience> {
  constructor(private readonly database: Database) {}

  async run({ tenantId, payload }: Job<Audience>): Promise<readonly Statement[]> {
    const { eventId, after } = payload;
    const [found] = await this.database.read(tenantId, [
      sql`SELECT payment_id FROM event_cancellation_payments
        WHERE tenant_id = ${tenantId}::uuid AND event_id = ${eventId}::uuid
          AND (${after}::uuid IS NULL OR payment_id > ${after}::uuid)
        ORDER BY payment_id LIMIT ${PAGE}::integer`,
    ]);
    const ids = (found?.rows ?? []).map((row) => row.payment_id as Uuid);
    const letters = ids.map((paymentId) =>
      writeToBuyer(tenantId, eventId, { letter: 'cancellation', paymentId }),
    );
    const last = ids.at(-1);
    if (ids.length < PAGE || last === undefined) return letters;
    return [...letters, writeToAudience(tenantId, eventId, { eventId, after: last })];
  }
}
