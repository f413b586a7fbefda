import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { fold } from '../../kernel/decider/decider.js';
import { isRefusal, type Refusal } from '../../kernel/errors.js';
import {
  append,
  parseStream,
  readStream,
  type StoredEvent,
  type Stream,
} from '../../kernel/event-store/event-store.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import {
  type Dispute,
  type DisputeCase,
  disputeCase as decider,
  type DisputeCommand,
} from '../domain/dispute-case.js';
import { DISPUTE_EVENT_VERSION, type DisputeEvent } from '../domain/dispute-case-events.js';
import { disputeItems } from './dispute-items.js';
import { projectDispute } from './dispute-rows.js';

/** A dispute as history has made it; `version` is its last event's number, 0 for none. */
export interface LoadedDispute {
  readonly dispute: Dispute;
  readonly version: number;
}

export interface RecordedDispute {
  readonly dispute: DisputeCase;
  readonly events: readonly DisputeEvent[];
}

export interface DisputeRecording {
  readonly correlationId: string | null;
  /** What else belongs into the transaction; written even when nothing happened. */
  readonly also?: (recorded: RecordedDispute) => readonly Statement[];
}

/** Disputes, read from their streams and written with everything that follows from them. */
@Injectable()
export class DisputeCases {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async load(tenantId: Uuid, id: Uuid): Promise<LoadedDispute> {
    const history = await this.history(tenantId, id);
    return { dispute: fold(decider, history.map(asEvent)), version: history.length };
  }

  async history(tenantId: Uuid, id: Uuid): Promise<StoredEvent[]> {
    const [result] = await this.database.read(tenantId, [readStream(streamOf(tenantId, id))]);
    return parseStream(result);
  }

  /**
   * Decides commands one after the other and writes what happened in one transaction: events,
   * projection, open items. Throws the unique violation of the stream when someone else was faster;
   * a refusal of any of the commands leaves everything as it was.
   */
  async record(
    { tenantId, id }: { readonly tenantId: Uuid; readonly id: Uuid },
    { dispute: before, version }: LoadedDispute,
    commands: readonly DisputeCommand[],
    { correlationId, also = () => [] }: DisputeRecording,
  ): Promise<RecordedDispute | Refusal> {
    const events: DisputeEvent[] = [];
    let dispute = before;
    for (const command of commands) {
      const decided = decider.decide(command, dispute);
      if (isRefusal(decided)) return decided;
      events.push(...decided);
      dispute = fold(decider, decided, dispute);
    }
    if (dispute.status === 'NONE') throw new Error(`dispute ${id} was never received`);
    const recorded = { dispute, events };
    const statements = [
      ...(events.length === 0
        ? []
        : this.changes({ tenantId, id }, before, version, recorded, correlationId)),
      ...also(recorded),
    ];
    if (statements.length > 0) await this.database.transact(tenantId, statements);
    return recorded;
  }

  private changes(
    owner: { readonly tenantId: Uuid; readonly id: Uuid },
    before: Dispute,
    version: number,
    { dispute, events }: RecordedDispute,
    correlationId: string | null,
  ): Statement[] {
    const at = this.clock.now();
    return [
      append(streamOf(owner.tenantId, owner.id), version, events.map(stored), {
        at,
        correlationId,
      }),
      projectDispute(owner, dispute, version + events.length, at),
      ...disputeItems(owner, before, dispute, events),
    ];
  }
}

function streamOf(tenantId: Uuid, id: Uuid): Stream {
  return { tenantId, type: 'dispute', id };
}

function stored({ type, ...data }: DisputeEvent) {
  return { type, version: DISPUTE_EVENT_VERSION, data };
}

/** An event as it was decided. */
export function asEvent({ type, data }: StoredEvent): DisputeEvent {
  return { ...data, type } as DisputeEvent;
}
