import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import { failpoint } from '../../kernel/failpoints/failpoints.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { adoptLines } from '../infra/claim-rows.js';
import { importMark, setImportMark, storeLines } from '../infra/line-rows.js';
import { LostPayments } from '../infra/lost-payments.js';
import { ProviderBooks } from '../infra/provider-books.js';
import type { Claim } from '../domain/provider-line.js';
import type { Figures } from '../domain/run.js';
import { RunBook } from '../infra/run-book.js';
import type { RecordedRun } from '../infra/run-rows.js';

/** A charge that nobody has completed after so long never will be: an authorization has lapsed. */
const UNFINISHED_MS = 7 * 86_400_000;

/**
 * The first step of a run: brings the provider's lines up to date, of the whole account, because a
 * line tells its tenant only when it was read. Payments that the provider tells of and our tables do
 * not are brought back; the platform's own run looks for those too whose money has not moved yet. An
 * outage (`PROVIDER_UNAVAILABLE`) leaves the run incomplete.
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
    private readonly lost: LostPayments,
    private readonly database: Database,
    @Inject(CONFIG) { platform }: Config,
  ) {
    // An account that several tenants share is the platform's.
    this.owner = platform.tenantId;
  }

  execute({ tenantId, runId }: ImportLines): Promise<RecordedRun | Refusal> {
    return this.runs.step({ tenantId, runId, from: 'requested', to: 'imported' }, async (now) => {
      const figures = await this.import(now, tenantId === this.owner);
      if (isRefusal(figures)) return figures;
      await failpoint('reconciliation.after_import');
      return { figures };
    });
  }

  private async import(now: Date, unfinished: boolean): Promise<Figures | Refusal> {
    const { name } = this.books;
    const [mark] = await this.database.asWorker([importMark(this.owner, name)]);
    const since = (mark?.rows[0]?.since ?? null) as Date | null;
    const lost: Claim[] = [];
    let linesImported = 0;
    for await (const page of this.books.lines(since)) {
      const [stored] = await this.database.asWorker([storeLines(this.owner, name, page)]);
      linesImported += (stored?.rows[0]?.added ?? 0) as number;
      lost.push(...(await this.lost.among(page.flatMap(({ claim }) => claim ?? []))));
    }
    if (unfinished) {
      const oldest = Math.max(now.getTime() - UNFINISHED_MS, since?.getTime() ?? 0);
      for await (const claims of this.books.unfinished(new Date(oldest))) {
        lost.push(...(await this.lost.among(claims)));
      }
    }
    const paymentsRebuilt = await this.lost.bringBack(lost, now);
    if (isRefusal(paymentsRebuilt)) return paymentsRebuilt;
    await this.database.asWorker([
      adoptLines(this.owner, name),
      setImportMark(this.owner, name, now),
    ]);
    return { linesImported, paymentsRebuilt };
  }
}
