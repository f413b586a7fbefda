import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import type { Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { importMark, setImportMark, storeLines } from '../infra/line-rows.js';
import { ProviderBooks } from '../infra/provider-books.js';
import { RunBook } from '../infra/run-book.js';
import type { RecordedRun } from '../infra/run-rows.js';

/**
 * The first step of a run: brings the provider's lines up to date, of the whole account, because a
 * line tells its tenant only when it was read. An outage (`PROVIDER_UNAVAILABLE`) leaves the run
 * incomplete.
 */
export class ImportLines extends Command<RecordedRun | Refusal> {
  constructor(
    readonly tenantId: Uuid,
    readonly runId: Uuid,
  ) {
    super();
  }
}

@CommandHandler(ImportLines)
export class ImportLinesHandler implements ICommandHandler<ImportLines> {
  private readonly owner: Uuid;

  constructor(
    private readonly runs: RunBook,
    private readonly books: ProviderBooks,
    private readonly database: Database,
    @Inject(CONFIG) { platform }: Config,
  ) {
    // An account that several tenants share is the platform's.
    this.owner = platform.tenantId;
  }

  execute({ tenantId, runId }: ImportLines): Promise<RecordedRun | Refusal> {
    return this.runs.step({ tenantId, runId, from: 'requested', to: 'imported' }, async (now) => {
      const linesImported = await this.import(now);
      await failpoint('reconciliation.after_import');
      return { figures: { linesImported } };
    });
  }

  private async import(now: Date): Promise<number> {
    const { name } = this.books;
    const [mark] = await this.database.asWorker([importMark(this.owner, name)]);
    const since = (mark?.rows[0]?.since ?? null) as Date | null;
    let added = 0;
    for await (const page of this.books.lines(since)) {
      const [stored] = await this.database.asWorker([storeLines(this.owner, name, page)]);
      added += (stored?.rows[0]?.added ?? 0) as number;
    }
    await this.database.asWorker([setImportMark(this.owner, name, now)]);
    return added;
  }
}
