import { DEFAULT_SETTINGS, mergeSettings } from './settings.js';
import { admitChange } from './settings-change.js';

describe('mergeSettings', () => {
  it('is the defaults of the specification where nobody decided otherwise', () => {
    const merged = mergeSettings({}, {});
    expect(merged).toEqual(DEFAULT_SETTINGS);
    expect(merged.purchaseLimits).toEqual({
      perUser: 4,
      perPaymentMethod: 4,
      perAddress: 8,
      maxTicketsPerOrder: 4,
    });
    expect(merged.resale).toEqual({ maxPriceBps: 25_000, minPriceBps: 5_000 });
    expect(merged.refundPolicy.windowHours).toBe(0);
  });

  it('puts the event over the venue over the tenant over the defaults, member by member', () => {
    const tenant = {
      gasFeePayer: 'platform',
      tokenRevocation: 'claw_back',
      groupExpiryMinutes: 30,
      purchaseLimits: { perUser: 100, maxTicketsPerOrder: 50 },
    } as const;
    const venue = {
      gasFeePayer: 'venue',
      highDemand: true,
      purchaseLimits: { perUser: 6, perAddress: 12 },
      refundPolicy: { windowHours: 24 },
    } as const;
    const event = {
      highDemand: false,
      purchaseLimits: { perUser: 2 },
      refundPolicy: { refundGas: true },
      blockchain: 'solana',
      tokenRevocation: 'keep',
    } as const;
    expect(mergeSettings(tenant, venue, event)).toEqual({
      ...DEFAULT_SETTINGS,
      gasFeePayer: 'venue',
      highDemand: false,
      groupExpiryMinutes: 30,
      purchaseLimits: { perUser: 2, perPaymentMethod: 4, perAddress: 12, maxTicketsPerOrder: 50 },
      refundPolicy: {
        windowHours: 24,
        refundPlatformFee: false,
        refundGas: true,
        refundProcessingFee: false,
        freeSeats: true,
      },
      blockchain: 'solana',
      tokenRevocation: 'keep',
    });
  });

  it('never mixes the resale bounds of two levels', () => {
    const venue = { resale: { maxPriceBps: 10_000, minPriceBps: 1_000 } };
    const event = { resale: { maxPriceBps: 40_000, minPriceBps: 20_000 } };
    expect(mergeSettings(venue, event).resale).toEqual(event.resale);
  });
});

describe('admitChange', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const later = new Date('2026-11-21T12:00:00.001Z');
  const earlier = new Date('2026-11-21T11:59:59.999Z');

  it('takes effect at once, or at the instant asked for', () => {
    expect(admitChange({ settings: {} }, now)).toBe(now);
    expect(admitChange({ settings: {}, effectiveFrom: now }, now)).toBe(now);
    expect(admitChange({ settings: {}, effectiveFrom: later }, now)).toBe(later);
  });

  it('refuses the past and bounds without a price between them, naming both', () => {
    const resale = { minPriceBps: 10_001, maxPriceBps: 10_000 };
    expect(admitChange({ settings: { resale }, effectiveFrom: earlier }, now)).toMatchObject({
      refused: 'VALIDATION_ERROR',
      errors: [{ field: 'effectiveFrom' }, { field: 'settings.resale.minPriceBps' }],
    });
    const fixed = { minPriceBps: 10_000, maxPriceBps: 10_000 };
    expect(admitChange({ settings: { resale: fixed } }, now)).toBe(now);
  });
});
