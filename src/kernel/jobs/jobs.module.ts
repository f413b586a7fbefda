import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { CONFIG, type Config } from '../config/index.js';
import { NoBoard, QueueBoard } from './board/queue-board.js';
import { JobKinds } from './job-kinds.js';
import { JOB_RETENTION } from './job-retention.js';
import { JobRunner } from './job-runner.js';
import { PeriodicTasks, RUNS_BACKGROUND_WORK } from './periodic.js';
import { WorkLoops } from './work-loops.js';
import { NoPool, WorkPool } from './work-pool.js';
import { WorkSources } from './work-source.js';

const WITHOUT_POOL = {
  imports: [],
  controllers: [],
  providers: [
    { provide: WorkPool, useClass: NoPool },
    { provide: QueueBoard, useClass: NoBoard },
  ],
} satisfies ModuleMetadata;

/**
 * Background work, loops and `@Cron` methods, happens in `worker` and `all` processes; workers share
 * it through Redis where there is one. Nothing of Bull is loaded where there is none.
 */
@Module({})
export class JobsModule {
  static async register({ redis }: Config): Promise<DynamicModule> {
    const { imports, controllers, providers } = redis
      ? (await import('./bull/bull-parts.js')).bullParts(redis.url)
      : WITHOUT_POOL;
    return {
      module: JobsModule,
      global: true,
      imports: [
        ScheduleModule.forRootAsync({
          inject: [CONFIG],
          useFactory: ({ role }: Config) => ({ cronJobs: role !== 'api' }),
        }),
        ...imports,
      ],
      controllers,
      providers: [
        {
          provide: RUNS_BACKGROUND_WORK,
          inject: [CONFIG],
          useFactory: ({ role }: Config) => role !== 'api',
        },
        PeriodicTasks,
        WorkSources,
        WorkLoops,
        JobKinds,
        JobRunner,
        JOB_RETENTION,
        ...providers,
      ],
      exports: [PeriodicTasks, WorkSources, WorkPool, QueueBoard, JobKinds],
    };
  }
}
