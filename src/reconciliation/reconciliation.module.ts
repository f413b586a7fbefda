import { Module } from '@nestjs/common';
import { describeEvents } from '../kernel/outbox/index.js';
import { provideSaga, provideSagaCommand } from '../kernel/saga/index.js';
import { CloseRun, CloseRunHandler } from './commands/close-run.js';
import { ImportLines, ImportLinesHandler } from './commands/import-lines.js';
import { MatchLines, MatchLinesHandler } from './commands/match-lines.js';
import { SettleStale, SettleStaleHandler } from './commands/settle-stale.js';
import { StartRunHandler } from './commands/start-run.js';
import { ReconciliationRunsController } from './http/runs.controller.js';
import { Costs } from './infra/costs.js';
import { ReconciliationGauges } from './infra/gauges.js';
import { LostPayments } from './infra/lost-payments.js';
import { ProviderBooks } from './infra/provider-books.js';
import { Reviews } from './infra/reviews.js';
import { RunBook } from './infra/run-book.js';
import { Schedule } from './infra/schedule.js';
import { StripeBooks } from './infra/stripe-books.js';
import { GetRunHandler } from './queries/get-run.js';
import { ListRunsHandler } from './queries/list-runs.js';
import { RECONCILIATION_EVENTS } from './reconciliation.contract.js';
import { reconciliationSaga } from './reconciliation.saga.js';

type OfRun = Readonly<{ runId: string }>;

const steps = [
  provideSagaCommand<OfRun>(
    'reconciliation.import_lines',
    ({ runId }, { tenantId }) => new ImportLines(tenantId, runId),
  ),
  provideSagaCommand<OfRun>(
    'reconciliation.match_lines',
    ({ runId }, { tenantId }) => new MatchLines(tenantId, runId),
  ),
  provideSagaCommand<OfRun>(
    'reconciliation.settle_stale',
    ({ runId }, { tenantId }) => new SettleStale(tenantId, runId),
  ),
  provideSagaCommand<OfRun>(
    'reconciliation.close_run',
    ({ runId }, { tenantId }) => new CloseRun(tenantId, runId),
  ),
];

@Module({
  controllers: [ReconciliationRunsController],
  providers: [
    describeEvents(...RECONCILIATION_EVENTS),
    provideSaga(reconciliationSaga),
    ...steps,
    StartRunHandler,
    ImportLinesHandler,
    MatchLinesHandler,
    SettleStaleHandler,
    CloseRunHandler,
    GetRunHandler,
    ListRunsHandler,
    RunBook,
    Costs,
    LostPayments,
    Reviews,
    Schedule,
    ReconciliationGauges,
    { provide: ProviderBooks, useClass: StripeBooks },
  ],
})
export class ReconciliationModule {}
