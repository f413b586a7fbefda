import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { CONFIG, type Config } from '../config/index.js';
import { PeriodicTasks, RUNS_BACKGROUND_WORK } from './periodic.js';

/** Background work, loops and `@Cron` methods, happens in `worker` and `all` processes. */
@Global()
@Module({
  imports: [
    ScheduleModule.forRootAsync({
      inject: [CONFIG],
      useFactory: ({ role }: Config) => ({ cronJobs: role !== 'api' }),
    }),
  ],
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
