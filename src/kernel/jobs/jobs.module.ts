import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { CONFIG, type Config } from '../config/index.js';
import { JobKinds } from './job-kinds.js';
import { JOB_RETENTION } from './job-retention.js';
import { JobRunner } from './job-runner.js';
import { PeriodicTasks, RUNS_BACKGROUND_WORK } from './periodic.js';
import { WorkLoops } from './work-loops.js';
import { NoPool, WorkPool } from './work-pool.js';
import { WorkSources } from './work-source.js';

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
    WorkSources,
    { provide: WorkPool, useClass: NoPool },
    WorkLoops,
    JobKinds,
    JobRunner,
    JOB_RETENTION,
  ],
  exports: [PeriodicTasks, WorkSources, JobKinds],
})
export class JobsModule {}
