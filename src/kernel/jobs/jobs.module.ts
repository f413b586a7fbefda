import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { PeriodicTasks, RUNS_BACKGROUND_WORK } from './periodic.js';

/** Background work happens in `worker` and `all` processes. */
@Global()
@Module({
  providers: [
    {
      provide: RUNS_BACKGROUND_WORK,
      inject: [CONFIG],
      useFactory: ({ role }: Config) => role !== 'api',
    },
    PeriodicTasks,
  ],
  exports: [PeriodicTasks],
})
export class JobsModule {}
