import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal } from '../errors.js';
import { Periodic, PeriodicTasks } from '../jobs/periodic.js';
import { failureText, isTransient } from '../outbox/index.js';
import { Database } from '../postgres/database.js';
import {
  BATCH,
  CLAIM,
  type ClaimedCommand,
  claimedCommands,
  markDone,
  putBack,
} from './command-rows.js';
import { SagaCommands } from './saga-commands.js';

export const SAGA_DISPATCHER = 'saga dispatcher';

/** Executes what sagas have decided. Any number of dispatchers share the work. */
@Injectable()
export class SagaDispatcher implements OnApplicationBootstrap {
  private readonly log = new Logger(SagaDispatcher.name);

  constructor(
    private readonly database: Database,
    private readonly bus: CommandBus,
    private readonly commands: SagaCommands,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add(new Periodic(SAGA_DISPATCHER, 1_000, () => this.run()));
  }

  private async run(): Promise<void> {
    if ((await this.pass()) === BATCH) this.tasks.nudge(SAGA_DISPATCHER);
  }

  /** Executes what is due, side by side, and answers how many commands it took. */
  async pass(): Promise<number> {
    const [claimed] = await this.database.asWorker([CLAIM]);
    const commands = claimedCommands(claimed);
    await Promise.all(commands.map((command) => this.execute(command)));
    return commands.length;
  }

  private async execute(command: ClaimedCommand): Promise<void> {
    const failure = await this.attempt(command);
    if (failure === undefined) {
      await this.database.asWorker([markDone(command)]);
      return;
    }
    const error = failureText(failure);
    const [result] = await this.database.asWorker([putBack(command, error, !isTransient(failure))]);
    const needsHuman = result?.rows[0]?.status === 'failed';
    this.log[needsHuman ? 'error' : 'warn'](
      `${command.type} ${command.meta.commandId} of saga ${command.meta.saga} ` +
        `${needsHuman ? 'needs a human' : 'will be tried again'}: ${error}`,
    );
  }

  /** Answers why the command was not done, or nothing. */
  private async attempt({ type, payload, meta }: ClaimedCommand): Promise<unknown> {
    try {
      const answer = await this.bus.execute(this.commands.create(type, payload, meta));
      return isRefusal(answer) ? answer : undefined;
    } catch (error) {
      return error ?? new Error('rejected without a reason');
    }
  }
}
