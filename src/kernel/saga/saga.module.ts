import { Global, Module } from '@nestjs/common';
import { SagaDispatcher } from './dispatcher.js';
import { SagaCommands } from './saga-commands.js';

/** Needs `OutboxModule`, `CqrsModule.forRoot()`, `Database` and `PeriodicTasks`. */
@Global()
@Module({
  providers: [SagaCommands, SagaDispatcher],
  exports: [SagaCommands],
})
export class SagaModule {}
