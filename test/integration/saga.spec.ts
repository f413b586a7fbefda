import { Command, CommandHandler, CqrsModule, type ICommandHandler } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { AppError, refuse, type Refusal } from '../../src/kernel/errors.js';
import { derivedId, newId, type Uuid } from '../../src/kernel/ids.js';
import { PeriodicTasks, type WorkSource } from '../../src/kernel/jobs/index.js';
import { OUTBOX_RELAY, OutboxModule, publish } from '../../src/kernel/outbox/index.js';
import { OutboxRelay } from '../../src/kernel/outbox/relay.js';
import { SAGA_DISPATCHER } from '../../src/kernel/saga/dispatcher.js';
import {
  provideSaga,
  provideSagaCommand,
  type Saga,
  type SagaCommandMeta,
  SagaModule,
} from '../../src/kernel/saga/index.js';
import { workOf } from '../support/work.js';
import { ground, type OpenDatabase, openDatabase, until } from './outbox-database.js';

const TENANT = newId();

/** A parcel leaves when it is both packed and paid, whichever comes first; reminds an hour later. */
type Parcel = Readonly<{ packed: boolean; paid: boolean }>;

const ship: Saga<Parcel> = {
  name: 'ship parcels',
  events: ['parcel.packed', 'parcel.paid', 'parcel.seen'],
  initial: { packed: false, paid: false },
  keyOf: ({ payload }) => payload.parcel as string,
  react(state, { type, payload }) {
    if (type === 'parcel.seen') return { ignore: 'nothing follows from a look' };
    const next = type === 'parcel.packed' ? { ...state, packed: true } : { ...state, paid: true };
    if (!next.packed || !next.paid) return { state: next, commands: [] };
    return {
      state: next,
      commands: [
        { type: 'ship', payload: { parcel: payload.parcel } },
        { type: 'remind', payload: { parcel: payload.parcel }, delaySeconds: 3_600 },
      ],
    };
  },
};

class Ship extends Command<Answer> {
  constructor(
    readonly parcel: string,
    readonly meta: SagaCommandMeta,
  ) {
    super();
  }
}

const shipped: Ship[] = [];
type Answer = Refusal | undefined;
let answer: () => Answer | Promise<Answer> = () => undefined;

@CommandHandler(Ship)
class ShipHandler implements ICommandHandler<Ship> {
  async execute(command: Ship): Promise<Answer> {
    shipped.push(command);
    return answer();
  }
}

let db: OpenDatabase;
let app: TestingModule;
let relay: OutboxRelay;
let dispatcher: WorkSource;

const newApp = (background = false) =>
  Test.createTestingModule({
    imports: [ground(db, background), CqrsModule.forRoot(), OutboxModule, SagaModule],
    providers: [
      ShipHandler,
      provideSaga(ship),
      provideSagaCommand<{ readonly parcel: string }>(
        'ship',
        ({ parcel }, meta) => new Ship(parcel, meta),
      ),
    ],
  }).compile();

/** Publishes one event about a parcel; each has an aggregate of its own unless told otherwise. */
async function happened(type: string, parcel: string, aggregateId = newId()): Promise<Uuid> {
  const id = newId();
  const about = {
    aggregateType: 'parcel',
    aggregateId,
    occurredAt: new Date(),
    correlationId: 'c',
  };
  await db.database.transact(TENANT, [
    publish(TENANT, { ...about, id, type: `parcel.${type}`, version: 1, payload: { parcel } }),
  ]);
  return id;
}

const commands = (type = 'ship') =>
  db.query('SELECT * FROM saga_commands WHERE type = $1 ORDER BY key', [type]);
const instance = async (key: string) =>
  (await db.query('SELECT version, state FROM saga_instances WHERE key = $1', [key]))[0];
const endPauses = () => db.query('UPDATE saga_commands SET next_attempt_at = now()');

beforeAll(async () => {
  db = await openDatabase();
  app = await newApp();
  await app.init();
  relay = app.get(OutboxRelay);
  dispatcher = workOf(app, SAGA_DISPATCHER);
});

beforeEach(async () => {
  shipped.length = 0;
  answer = () => undefined;
  await db.query('TRUNCATE outbox, outbox_dlq, event_inbox, saga_instances, saga_commands');
});

afterAll(async () => {
  await app.close();
  await db.close();
});

describe('a saga', () => {
  it.each([
    ['packed', 'paid'],
    ['paid', 'packed'],
  ])('reacts to %s, then %s, with one command', async (first, second) => {
    await happened(first, 'p1');
    await relay.pass();
    expect(await commands()).toEqual([]);
    const cause = await happened(second, 'p1');
    await relay.pass();
    expect(await instance('p1')).toEqual({ version: 2, state: { packed: true, paid: true } });
    expect(await commands()).toEqual([
      expect.objectContaining({
        id: derivedId(cause, 'ship parcels:0'),
        event_id: cause,
        tenant_id: TENANT,
        correlation_id: 'c',
        payload: { parcel: 'p1' },
        status: 'pending',
      }),
    ]);
  });

  it('leaves no trace but the handled event when it ignores one', async () => {
    await happened('seen', 'p1');
    await relay.pass();
    expect(await instance('p1')).toBeUndefined();
    expect(await db.query('SELECT subscriber FROM event_inbox')).toEqual([
      { subscriber: 'saga ship parcels' },
    ]);
  });

  it('reacts once to an event that is delivered again', async () => {
    await happened('packed', 'p1');
    await happened('paid', 'p1');
    await relay.pass();
    await db.query('UPDATE outbox SET heard_at = NULL, processed_at = NULL');
    expect(await relay.pass()).toBe(2);
    expect(await instance('p1')).toMatchObject({ version: 2 });
    expect(await commands()).toHaveLength(1);
    expect(await db.query('SELECT FROM outbox WHERE processed_at IS NULL')).toEqual([]);
  });

  it('takes no step back when relays meet at one instance', async () => {
    const others = await Promise.all([newApp(), newApp()]);
    await Promise.all(others.map((other) => other.init()));
    const relays = [relay, ...others.map((other) => other.get(OutboxRelay))];
    for (let round = 1; round <= 15; round++) {
      const parcel = `p${round}`;
      await happened('packed', parcel);
      const passes = relays.map((own) => own.pass());
      await Promise.all([...passes, happened('paid', parcel), happened('paid', parcel)]);
      await Promise.all(relays.map((own) => own.pass()));
      expect(await instance(parcel)).toEqual({ version: 3, state: { packed: true, paid: true } });
    }
    expect(await db.query('SELECT FROM outbox WHERE attempts > 0')).toEqual([]);
    await Promise.all(others.map((other) => other.close()));
  });
});

describe('its commands', () => {
  beforeEach(async () => {
    const aggregate = newId();
    await happened('packed', 'p1', aggregate);
    await happened('paid', 'p1', aggregate);
    await relay.pass();
  });

  it('are executed once, with their id, and not before their time', async () => {
    expect(await dispatcher.pass()).toBe(1);
    const [command] = await commands();
    expect(shipped).toEqual([
      new Ship('p1', {
        tenantId: TENANT,
        commandId: command?.id as Uuid,
        saga: 'ship parcels',
        key: 'p1',
        correlationId: 'c',
      }),
    ]);
    expect(command).toMatchObject({ status: 'done', attempts: 0, lease_until: null });
    expect(await dispatcher.pass()).toBe(0);
    expect(await commands('remind')).toMatchObject([{ status: 'pending' }]);
  });

  it.each([
    ['answers a refusal', () => refuse('CONFLICT', 'not now')],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ])('need a human after five times when the handler %s', async (_, no) => {
    answer = no;
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(await commands()).toMatchObject([{ status: 'pending', attempts: attempt - 1 }]);
      expect(await dispatcher.pass()).toBe(1);
      expect(await dispatcher.pass()).toBe(0);
      await db.query(`UPDATE saga_commands SET next_attempt_at = now() WHERE type = 'ship'`);
    }
    expect(await commands()).toMatchObject([
      {
        status: 'failed',
        attempts: 5,
        last_error: expect.stringMatching(/not now|broken/) as string,
      },
    ]);
    expect(await dispatcher.pass()).toBe(0);
    expect(shipped).toHaveLength(5);
  });

  it('lose no attempt to a provider that is away', async () => {
    answer = () => {
      throw new AppError('PROVIDER_UNAVAILABLE', 'away');
    };
    for (let attempt = 1; attempt <= 7; attempt++) {
      await dispatcher.pass();
      await db.query(`UPDATE saga_commands SET next_attempt_at = now() WHERE type = 'ship'`);
    }
    expect(await commands()).toMatchObject([{ status: 'pending', attempts: 0 }]);
    answer = () => undefined;
    await dispatcher.pass();
    expect(await commands()).toMatchObject([{ status: 'done' }]);
    expect(new Set(shipped.map(({ meta }) => meta.commandId)).size).toBe(1);
  });

  it('come again, with the same id, when the process that took them died', async () => {
    await db.query(`UPDATE saga_commands SET lease_until = now() + interval '30 seconds'`);
    expect(await dispatcher.pass()).toBe(0);
    await db.query(`UPDATE saga_commands SET lease_until = now() - interval '1 second'`);
    expect(await dispatcher.pass()).toBe(1);
    expect(await commands()).toMatchObject([{ status: 'done' }]);
  });

  it('heed only the holder of the lease when they fail', async () => {
    const takeOver = `UPDATE saga_commands SET lease_until = now() + interval '1 hour'`;
    answer = async () => {
      await db.query(takeOver);
      return refuse('CONFLICT', 'too late');
    };
    await dispatcher.pass();
    expect(await commands()).toMatchObject([{ status: 'pending', attempts: 0, last_error: null }]);
  });

  it('of an unknown type wait for a release that knows them', async () => {
    await endPauses();
    await dispatcher.pass();
    expect(await commands('remind')).toMatchObject([
      {
        status: 'pending',
        attempts: 1,
        last_error: expect.stringContaining('no saga command') as string,
      },
    ]);
  });
});

it('runs by itself in the background', async () => {
  const worker = await newApp(true);
  await worker.init();
  try {
    await happened('packed', 'p9');
    await happened('paid', 'p9');
    worker.get(PeriodicTasks).nudge(OUTBOX_RELAY);
    await until(async () => (await commands())[0]?.status === 'done');
  } finally {
    await worker.close();
  }
  expect(shipped).toHaveLength(1);
});
