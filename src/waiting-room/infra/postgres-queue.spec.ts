import { newId } from '../../kernel/ids.js';
import type { Database } from '../../kernel/postgres/database.js';
import { CommitUnknown, DatabaseUnavailable } from '../../kernel/postgres/errors.js';
import { PostgresQueue } from './postgres-queue.js';

const room = { tenantId: newId(), eventId: newId() };
const userId = newId();

/** A database whose first transactions fail, one after the other; it knows one place. */
function failing(...failures: readonly Error[]) {
  const place = { user_id: userId, queue_id: newId(), ordinal: 1n, before_in_block: 0n };
  const left = [...failures];
  const transact = jest.fn(() => {
    const failure = left.shift();
    return failure ? Promise.reject(failure) : Promise.resolve([{ rows: [] }, { rows: [place] }]);
  });
  const read = () => Promise.resolve([{ rows: [] }]);
  return { transact, queue: new PostgresQueue({ transact, read } as unknown as Database) };
}

const broken = new CommitUnknown(new Error('reset'));
const away = new DatabaseUnavailable(new Error('refused'));

describe('a place that is asked for', () => {
  it('is read again when the connection broke', async () => {
    expect(await failing(broken).queue.stand(room, userId)).toMatchObject({ ahead: 0 });
  });

  it('is read again once', async () => {
    await expect(failing(broken, broken).queue.stand(room, userId)).rejects.toBe(broken);
  });

  it('is not asked for again where there is no database', async () => {
    const { queue, transact } = failing(away);
    await expect(queue.stand(room, userId)).rejects.toBe(away);
    expect(transact).toHaveBeenCalledTimes(1);
  });
});
