import { newId } from '../../kernel/ids.js';
import type { Cast, UserName } from '../cast.js';
import type { Event, User, Venue } from './shapes.js';
import type { PlatformData } from './state.js';
import { completeUser } from './user-directory.js';

/** The platform's data at the first start: two venues, four events, one tenant beside ours. */
export function seedPlatform(cast: Cast, now: Date): PlatformData {
  const nashville = venueInNashville(cast.venues.nashville);
  const newYork = venueInNewYork(cast.venues.newYork);
  const { events: ids } = cast;
  const elsewhere = venueInLosAngeles(cast.venues.elsewhere);
  const ours = [
    event(ids.generalAdmission, 'River City Revival', nashville, inDays(now, 60), [
      { name: 'General admission', priceCents: 50_00, capacity: 1_800, seated: false },
      { name: 'Balcony', priceCents: 85_00, capacity: 200, seated: false },
    ]),
    event(ids.seated, 'An Evening of Chamber Music', nashville, inDays(now, 75), [
      { name: 'Orchestra', priceCents: 120_00, capacity: 400, seated: true },
      { name: 'Mezzanine', priceCents: 75_00, capacity: 200, seated: true },
    ]),
    {
      ...event(ids.highDemand, 'The Reunion Tour, Opening Night', nashville, inDays(now, 90), [
        { name: 'Floor', priceCents: 150_00, capacity: 500, seated: false },
      ]),
      highDemand: true,
    },
    event(ids.newYork, 'Harbor Lights Festival', newYork, inDays(now, 100), [
      { name: 'Day pass', priceCents: 95_00, capacity: 5_000, seated: false },
    ]),
  ];
  const theirs = event(ids.elsewhere, 'Sunset Sessions', elsewhere, inDays(now, 80), [
    { name: 'Lawn', priceCents: 45_00, capacity: 1_000, seated: false },
  ]);
  const { stranger, ...known } = cast.users;
  return {
    [cast.tenantId]: {
      venues: byId([nashville, newYork]),
      events: byId(ours),
      orders: {},
      users: byId(Object.entries(known).map(([name, id]) => person(name as UserName, id))),
    },
    [cast.otherTenantId]: {
      venues: byId([elsewhere]),
      events: byId([theirs]),
      orders: {},
      users: byId([person('stranger', stranger)]),
    },
  };
}

const PEOPLE: Readonly<Record<UserName, string>> = {
  buyer: 'Bailey Carter',
  buyer2: 'Morgan Reyes',
  seller: 'Sam Whitfield',
  venueOwner: 'Vivian Osei',
  admin: 'Alex Lindqvist',
  stranger: 'Dana Novak',
};

function person(name: UserName, id: string): User {
  return completeUser({ id, name: PEOPLE[name], email: `${name.toLowerCase()}@example.com` });
}

function event(
  id: string,
  name: string,
  venue: Venue,
  startsAt: string,
  types: readonly Omit<Event['ticketTypes'][number], 'id'>[],
): Event {
  return {
    id,
    venueId: venue.id,
    name,
    startsAt,
    timezone: venue.timezone,
    place: venue.address,
    capacity: types.reduce((sum, { capacity }) => sum + capacity, 0),
    highDemand: false,
    currency: 'USD',
    ticketTypes: types.map((type) => ({ id: newId(), ...type })),
  };
}

function venueInNashville(id: string): Venue {
  return {
    id,
    name: 'Cumberland Hall',
    timezone: 'America/Chicago',
    address: {
      street: '501 Broadway',
      city: 'Nashville',
      county: 'Davidson',
      state: 'TN',
      zip: '37203',
      country: 'US',
    },
  };
}

function venueInNewYork(id: string): Venue {
  return {
    id,
    name: 'Hudson Yard Arena',
    timezone: 'America/New_York',
    address: {
      street: '421 Tenth Avenue',
      city: 'New York',
      county: 'New York',
      state: 'NY',
      zip: '10001',
      country: 'US',
    },
  };
}

function venueInLosAngeles(id: string): Venue {
  return {
    id,
    name: 'Sunset Pavilion',
    timezone: 'America/Los_Angeles',
    address: {
      street: '800 West Olympic Boulevard',
      city: 'Los Angeles',
      county: 'Los Angeles',
      state: 'CA',
      zip: '90015',
      country: 'US',
    },
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): Record<string, T> {
  return Object.fromEntries(items.map((item) => [item.id, item]));
}

/** One in the morning UTC: evening before, anywhere in the United States. */
function inDays(now: Date, days: number): string {
  const day = new Date(now);
  day.setUTCDate(day.getUTCDate() + days);
  day.setUTCHours(1, 0, 0, 0);
  return day.toISOString();
}
