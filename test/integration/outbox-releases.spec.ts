import { app, db, event, published, relay, TENANT, unprocessed } from './outbox-world.js';
import { PublishedTypes } from '../../src/kernel/outbox/index.js';

const age = (interval: string) =>
  db.query(`UPDATE outbox SET created_at = now() - $1::interval`, [interval]);

describe('row 47: two releases on one database', () => {
  it('an older relay leaves events of a newer release to those who know them', async () => {
    await published(TENANT, event({ type: 'thing.invented' }));
    await relay.pass();
    expect(await unprocessed()).toBe(1);
    await age('50 minutes');
    await relay.pass();
    expect(await unprocessed()).toBe(1);
  });

  it('what nobody has taken for an hour is done: the newer release was taken back', async () => {
    await published(TENANT, event({ type: 'thing.invented' }));
    await age('61 minutes');
    await relay.pass();
    expect(await unprocessed()).toBe(0);
  });

  it('the release that publishes a type settles it at once, although nobody follows it', async () => {
    app.get(PublishedTypes).declare(['thing.expected']);
    await published(TENANT, event({ type: 'thing.expected' }));
    await relay.pass();
    expect(await unprocessed()).toBe(0);
  });
});
