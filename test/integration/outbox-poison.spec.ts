import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Principal } from '../../src/kernel/auth/principal.js';
import { newId, type Uuid } from '../../src/kernel/ids.js';
import { OutboxBacklog, RedriveDeadLetters } from '../../src/kernel/outbox/index.js';
import {
  app,
  count,
  db,
  effects,
  endPauses,
  event,
  many,
  OTHER_TENANT,
  published,
  relay,
  setMood,
  TENANT,
  unprocessed,
} from './outbox-world.js';

const administrator = (tenantId: Uuid): Principal => ({
  tenantId,
  userId: newId(),
  roles: ['admin'],
  venues: [],
  tokenId: newId(),
});

describe('poison', () => {
  it.each(['javascript', 'sql'])('isolates events that %s rejects', async (kind) => {
    setMood(({ payload }) => {
      if (payload.poison === 'javascript') throw new Error('cannot digest');
    });
    const poisoned = (index: number) => index === 3 || index === 60;
    await published(
      TENANT,
      ...many(100, (index) => (poisoned(index) ? { payload: { poison: kind } } : {})),
    );
    for (let pass = 1; pass <= 4; pass++) {
      await relay.pass();
      expect(await unprocessed()).toBe(2);
      await endPauses();
    }
    expect(await effects()).toHaveLength(98);
    await relay.pass();
    expect(await unprocessed()).toBe(0);
    expect(await effects()).toHaveLength(98);
    const dead = await db.query('SELECT attempts, last_error FROM outbox_dlq');
    expect(dead).toEqual(
      Array(2).fill({ attempts: 5, last_error: expect.stringMatching(/^counter: /) as string }),
    );
    expect(await count(`SELECT count(*) FROM event_inbox WHERE subscriber = 'echo'`)).toBe(100);
  });

  it('waits longer after each rejection', async () => {
    setMood(() => {
      throw new Error('no');
    });
    await published(TENANT, event());
    const pauses: number[] = [];
    for (let pass = 1; pass <= 4; pass++) {
      await relay.pass();
      const [row] = await db.query(
        'SELECT extract(epoch FROM next_attempt_at - last_attempt_at)::float8 AS pause FROM outbox',
      );
      pauses.push(Math.round(row?.pause as number));
      expect(await relay.pass()).toBe(0);
      await endPauses();
    }
    expect(pauses).toEqual([2, 5, 15, 60]);
  });

  it('sends dead letters again on demand, only to those who did not take them', async () => {
    setMood(() => {
      throw new Error('no');
    });
    await published(TENANT, event());
    for (let pass = 1; pass <= 5; pass++) {
      await relay.pass();
      await endPauses();
    }
    const backlog = () => app.get(QueryBus).execute(new OutboxBacklog());
    const none = { events: 0, oldestAgeSeconds: 0 };
    expect(await backlog()).toEqual({ unheard: none, unforwarded: none, deadLetters: 1 });
    setMood(() => undefined);
    const redrive = (tenantId: Uuid) =>
      app.get(CommandBus).execute(new RedriveDeadLetters(administrator(tenantId)));
    expect(await redrive(OTHER_TENANT)).toEqual({ redriven: 0, remaining: 0 });
    expect(await redrive(TENANT)).toEqual({ redriven: 1, remaining: 0 });
    expect(await backlog()).toMatchObject({ unheard: { events: 1 }, deadLetters: 0 });
    await relay.pass();
    expect(await effects()).toHaveLength(1);
    expect(await count('SELECT count(*) FROM event_inbox')).toBe(2);
  });
});
