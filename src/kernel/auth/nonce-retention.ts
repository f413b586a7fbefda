import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { Database } from '../postgres/database.js';
import { forgettingOldNonces } from './nonce-store.js';

const HOUR_MS = 3_600_000;

/** Forgets nonces once an hour; needs `Database` and `PeriodicTasks`. */
@Injectable()
class NonceRetention implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(
      new Periodic('nonce retention', HOUR_MS, () =>
        this.database.asWorker([forgettingOldNonces()]),
      ),
    );
  }
}

@Module({ providers: [NonceRetention] })
export class NonceRetentionModule {}
