import { newId, type Uuid } from '../../src/kernel/ids.js';
import { DEFAULT_SETTINGS, type SettingsLayer } from '../../src/venues/domain/settings.js';
import { parseSettings, settingsReading } from '../../src/venues/venues.contract.js';
import { startVenuesWorld, type VenuesWorld } from './venues-world.js';

const NOW = new Date();
const TOMORROW = new Date(NOW.getTime() + 86_400_000);

let world: VenuesWorld;
let venueId: Uuid;
let eventId: Uuid;
let admin: { authorization: string };
const adminId = newId();

beforeAll(async () => {
  world = await startVenuesWorld(NOW);
  admin = await world.token({ sub: adminId, roles: ['admin'] });
});
afterAll(() => world.close());
beforeEach(() => {
  world.clock.moveTo(NOW);
  venueId = world.platform.tickets.createVenue().id;
  eventId = world.platform.tickets.createEvent({ venueId }).id;
});

type Kind = 'tenant' | 'venues' | 'events';

async function change(kind: Kind, settings: SettingsLayer, effectiveFrom?: Date) {
  const whose = { tenant: '', venues: `venues/${venueId}/`, events: `events/${eventId}/` }[kind];
  const url = `/api/v1/${whose}settings`;
  const payload = { settings, effectiveFrom };
  const response = await world.app.inject({ method: 'PUT', url, headers: admin, payload });
  expect(response.statusCode).toBe(200);
}

describe('a sale', () => {
  const settingsAt = async (at: Date, tenantId = world.tenantId) => {
    const reading = settingsReading(tenantId, venueId, eventId, at);
    const [result] = await world.database.read(tenantId, [reading]);
    return parseSettings(result?.rows ?? []);
  };

  it('reads what was in force at its instant, and which rows said so', async () => {
    const nobodys = { tenant: null, venue: null, event: null };
    expect((await settingsAt(NOW)).versions).toEqual(nobodys);
    await change('venues', { gasFeePayer: 'venue' });
    await change('events', { gasFeePayer: 'platform' }, TOMORROW);
    const today = await settingsAt(NOW);
    const tomorrow = await settingsAt(TOMORROW);
    expect(today.gasFeePayer).toBe('venue');
    expect(today.versions.event).toBeNull();
    expect(tomorrow.gasFeePayer).toBe('platform');
    expect(tomorrow.versions.venue).toBe(today.versions.venue);
    expect(tomorrow.versions.event).not.toBeNull();
    const yesterday = await settingsAt(new Date(NOW.getTime() - 1));
    expect(yesterday).toEqual({ ...DEFAULT_SETTINGS, versions: nobodys });
  });

  it('reads the tenant under its venues, from the day it says', async () => {
    await change('venues', { gasFeePayer: 'venue' });
    await change('tenant', { gasFeePayer: 'platform', groupExpiryMinutes: 25 }, TOMORROW);
    expect(await settingsAt(NOW)).toMatchObject({
      groupExpiryMinutes: 10,
      versions: { tenant: null },
    });
    expect(await settingsAt(TOMORROW)).toMatchObject({
      gasFeePayer: 'venue',
      groupExpiryMinutes: 25,
      versions: { tenant: expect.any(String) as string, event: null },
    });
    const other = newId();
    expect(await settingsAt(TOMORROW, other)).toMatchObject({ versions: { tenant: null } });
  });

  it('sees nothing of another tenant, whatever it asks for', async () => {
    await change('venues', { gasFeePayer: 'venue' });
    const reading = settingsReading(world.tenantId, venueId, null, NOW);
    const [result] = await world.database.read(newId(), [reading]);
    expect(result?.rows).toEqual([]);
  });
});

describe('the record', () => {
  it.each(['tenant_settings', 'venue_settings', 'event_settings'])(
    '%s is append-only, for everyone',
    async (table) => {
      await change('tenant', {});
      await change('venues', {});
      await change('events', {});
      const update = `UPDATE ${table} SET settings = '{}'`;
      await expect(world.superuser.query(update)).rejects.toMatchObject({ code: 'TT004' });
      await expect(world.superuser.query(`DELETE FROM ${table}`)).rejects.toMatchObject({
        code: 'TT004',
      });
    },
  );

  it('the audit log has who changed what, from what to what, and when it takes effect', async () => {
    const first: SettingsLayer = { gasFeePayer: 'venue' };
    await change('venues', first);
    await change('venues', { blockchain: 'solana' });
    await change('events', { groupExpiryMinutes: 20 }, TOMORROW);
    await change('tenant', {});
    await change('tenant', { disputeLossPayer: 'platform' });
    const { rows } = await world.superuser.query<Record<string, unknown>>(
      `SELECT actor_type, actor_id, action, object_type, object_id, before, after FROM audit_log
        WHERE object_id IN ($1, $2) OR (object_id = $3 AND after ? 'disputeLossPayer') ORDER BY id`,
      [venueId, eventId, world.tenantId],
    );
    const venue = {
      actor_type: 'user',
      actor_id: adminId,
      action: 'venue_settings.changed',
      object_type: 'venue',
      object_id: venueId,
    };
    expect(rows).toEqual([
      { ...venue, before: {}, after: first },
      { ...venue, before: first, after: { blockchain: 'solana' } },
      {
        ...venue,
        action: 'event_settings.scheduled',
        object_type: 'event',
        object_id: eventId,
        before: {},
        after: { groupExpiryMinutes: 20 },
      },
      {
        ...venue,
        action: 'tenant_settings.changed',
        object_type: 'tenant',
        object_id: world.tenantId,
        before: {},
        after: { disputeLossPayer: 'platform' },
      },
    ]);
  });

  it('event_purchase_limits shows the limits in force', async () => {
    const limits = async () => {
      const { rows } = await world.superuser.query<Record<string, unknown>>(
        'SELECT * FROM event_purchase_limits WHERE event_id = $1',
        [eventId],
      );
      return rows;
    };
    // The view speaks of the real today.
    world.clock.moveTo(new Date());
    expect(await limits()).toEqual([]);
    await change('tenant', { purchaseLimits: { perAddress: 30, maxTicketsPerOrder: 7 } });
    await change('venues', { purchaseLimits: { perUser: 6, perAddress: 20 } });
    await change('events', { purchaseLimits: { perUser: 2 } });
    const far = new Date(Date.now() + 3_600_000);
    await change('events', { purchaseLimits: { perUser: 9 } }, far);
    expect(await limits()).toEqual([
      {
        tenant_id: world.tenantId,
        event_id: eventId,
        purchase_limit_per_user: 2,
        purchase_limit_per_payment_method: 4,
        purchase_limit_per_address: 20,
        max_tickets_per_order: 7,
        created_at: expect.any(Date) as Date,
        updated_at: expect.any(Date) as Date,
      },
    ]);
  });
});
