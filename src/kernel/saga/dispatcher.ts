import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal } from '../errors.js';
import { WorkSources } from '../jobs/work-source.js';
import { workOn } from '../jobs/work-table.js';
import { failureText, isTransient } from '../outbox/index.js';
import { Database } from '../postgres/database.js';
import {
  type ClaimedCommand,
  claimedCommand,
  COMMANDS,
  markDone,
  putBack,
} from './command-rows.js';
import { SagaCommands } from './saga-commands.js';

export const SAGA_DISPATCHER = 'saga dispatcher';

/** Executes what sagas have decided. Any number of dispatchers share the work. */
@Injectable()
export class SagaDispatcher {
  private readonly log = new Logger(SagaDispatcher.name);

  constructor(
    private readonly database: Database,
    private readonly bus: CommandBus,
    private readonly commands: SagaCommands,
    sources: WorkSources,
  ) {
    const source = { name: SAGA_DISPATCHER, queue: 'payment-processing', table: COMMANDS } as const;
    sources.add(workOn(database, source, (row) => this.execute(claimedCommand(row))));
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
