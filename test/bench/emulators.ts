import { newId } from '../../src/kernel/ids.js';
import { newCast } from '../../src/sandbox/cast.js';
import { Identities, newSigningKey } from '../../src/sandbox/identities.js';
import { newSecrets } from '../../src/sandbox/secrets.js';
import { seedFraudRules } from '../../src/sandbox/seed-fraud-rules.js';
import { seedTenantSettings } from '../../src/sandbox/seed-tenant-settings.js';
import { startVendors, type Vendors } from '../../src/sandbox/vendors.js';
import { answerParent } from './child.js';

/** An event to buy of; one ticket type, no seats. */
export interface Target {
  readonly venueId: string;
  readonly eventId: string;
  readonly ticketTypeId: string;
  readonly priceCents: number;
}

export interface Buyer {
  readonly userId: string;
  readonly token: string;
}

export type EmulatorsQuestion =
  | { readonly open: { databaseUrl: string; venues: number; hotVenues: number; buyers: number } }
  | { readonly webhooksTo: string | null }
  | { readonly pendingWebhooks: true };

export interface Opening {
  readonly env: Readonly<Record<string, string>>;
  readonly tenantId: string;
  readonly venues: readonly Target[];
  readonly hotVenues: readonly Target[];
  readonly buyers: readonly Buyer[];
}

/** So cheap that no venue of a run leaves its fee tier, except a hot one, once. */
const PRICE_CENTS = 500;
const CAPACITY = 1_000_000;
/** At the hot venue the same buyers come again. */
const LIMITS = {
  perUser: CAPACITY,
  perPaymentMethod: CAPACITY,
  perAddress: CAPACITY,
  maxTicketsPerOrder: 500,
};

const secrets = newSecrets();
let vendors: Vendors | undefined;

answerParent(async (question: EmulatorsQuestion) => {
  if ('open' in question) return open(question.open);
  if (!vendors) throw new Error('the emulators are not open');
  if ('webhooksTo' in question) {
    if (question.webhooksTo === null) vendors.stripe.clearWebhook();
    else
      vendors.stripe.setWebhook(
        `${question.webhooksTo}/webhooks/stripe`,
        secrets.stripeWebhookSecret,
      );
  }
  return vendors.stripe.deliveries().pending;
});

async function open({
  databaseUrl,
  venues,
  hotVenues,
  buyers,
}: Extract<EmulatorsQuestion, { open: unknown }>['open']): Promise<Opening> {
  const cast = newCast();
  const identities = new Identities(cast, await newSigningKey());
  await seedTenantSettings(databaseUrl, cast, LIMITS);
  await seedFraudRules(databaseUrl, cast);
  vendors = await startVendors({ databaseUrl, identities, secrets });
  const { tickets } = vendors.platform;
  const { tenantId } = cast;
  const target = (): Target => {
    const { id: venueId } = tickets.createVenue();
    const { id: eventId, ticketTypes } = tickets.createEvent({
      venueId,
      capacity: CAPACITY,
      ticketTypes: [{ name: 'Floor', priceCents: PRICE_CENTS, capacity: CAPACITY, seated: false }],
    });
    const ticketTypeId = ticketTypes[0]?.id ?? '';
    return { venueId, eventId, ticketTypeId, priceCents: PRICE_CENTS };
  };
  const people = Array.from({ length: buyers }, async () => {
    const userId = newId();
    const token = await identities.mintToken({ sub: userId, tenantId, roles: ['user'] });
    return { userId, token };
  });
  return {
    // Mail follows a purchase, as a background job: it would be measured as if it were part of it.
    env: { ...vendors.env, SMTP_URL: '' },
    tenantId,
    venues: Array.from({ length: venues }, target),
    hotVenues: Array.from({ length: hotVenues }, target),
    buyers: await Promise.all(people),
  };
}
