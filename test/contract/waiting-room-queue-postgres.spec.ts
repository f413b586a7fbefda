import { PostgresQueue } from '../../src/waiting-room/infra/postgres-queue.js';
import { openDatabase, type TestDatabase } from '../integration/venues-world.js';
import { WaitingRooms } from '../support/waiting-room-world.js';
import { describeWaitingQueue, type QueueUnderTest } from './waiting-queue.js';

let store: TestDatabase;
let subject: QueueUnderTest;

beforeAll(async () => {
  store = await openDatabase();
  const queue = new PostgresQueue(store.database);
  subject = {
    world: new WaitingRooms(store.database, queue),
    settle: (room) => queue.reread(room),
  };
});

afterAll(() => store.close());

describe('the queue on Postgres', () => {
  describeWaitingQueue(() => subject);
});
