import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../kernel/config/index.js';
import { AddKnownScalperHandler } from './commands/add-known-scalper.js';
import { AddListEntryHandler } from './commands/add-list-entry.js';
import { AddRuleSetHandler } from './commands/add-rule-set.js';
import { RemoveKnownScalperHandler } from './commands/remove-known-scalper.js';
import { RemoveListEntryHandler } from './commands/remove-list-entry.js';
import { DecisionsController } from './http/decisions.controller.js';
import { KnownScalpersController } from './http/known-scalpers.controller.js';
import { FraudListsController } from './http/lists.controller.js';
import { RuleSetsController } from './http/rule-sets.controller.js';
import { FraudCheck } from './infra/fraud-check.js';
import { FRAUD_RETENTION } from './infra/fraud-retention.js';
import { LabelSubscriber } from './infra/label-subscriber.js';
import { RuleSets } from './infra/rule-sets.js';
import { SIGNAL_RETENTION } from './infra/signal-retention.js';
import { SubjectKeys } from './infra/subject-keys.js';
import { BacktestRulesHandler } from './queries/backtest-rules.js';
import { GetDecisionHandler } from './queries/get-decision.js';
import { ListDecisionsHandler } from './queries/list-decisions.js';
import { ListEntriesHandler } from './queries/list-entries.js';
import { ListKnownScalpersHandler } from './queries/list-known-scalpers.js';
import { ListRuleSetsHandler } from './queries/list-rule-sets.js';
import { ReplayDecisionHandler } from './queries/replay-decision.js';

@Module({
  controllers: [
    FraudListsController,
    KnownScalpersController,
    RuleSetsController,
    DecisionsController,
  ],
  providers: [
    FraudCheck,
    RuleSets,
    {
      provide: SubjectKeys,
      useFactory: ({ purchaseLimits }: Config) => new SubjectKeys(purchaseLimits.secrets),
      inject: [CONFIG],
    },
    LabelSubscriber,
    SIGNAL_RETENTION,
    FRAUD_RETENTION,
    AddListEntryHandler,
    RemoveListEntryHandler,
    ListEntriesHandler,
    AddKnownScalperHandler,
    RemoveKnownScalperHandler,
    ListKnownScalpersHandler,
    AddRuleSetHandler,
    ListRuleSetsHandler,
    BacktestRulesHandler,
    ListDecisionsHandler,
    GetDecisionHandler,
    ReplayDecisionHandler,
  ],
  exports: [FraudCheck],
})
export class FraudModule {}
