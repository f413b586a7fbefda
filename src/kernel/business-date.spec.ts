import fc from 'fast-check';
import { businessDate, isTimeZone, monthBounds } from './business-date.js';

const ZONES = [
  'America/Chicago',
  'America/New_York',
  'America/St_Johns',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Asia/Kathmandu',
  'Europe/London',
  'Australia/Lord_Howe',
  'UTC',
];
const HOUR = 3_600_000;
const instants = fc
  .date({
    min: new Date('2000-01-01T00:00:00Z'),
    max: new Date('2099-12-31T00:00:00Z'),
    noInvalidDate: true,
  })
  .filter((date) => !Number.isNaN(date.getTime()));

describe('businessDate', () => {
  it.each([
    ['2026-03-01T05:59:59.999Z', 'America/Chicago', '2026-02-28'],
    ['2026-03-01T06:00:00.000Z', 'America/Chicago', '2026-03-01'],
    // Clocks go forward at 2026-03-08 08:00Z and back at 2026-11-01 07:00Z: still one day each.
    ['2026-03-08T06:00:00.000Z', 'America/Chicago', '2026-03-08'],
    ['2026-03-09T04:59:59.999Z', 'America/Chicago', '2026-03-08'],
    ['2026-03-09T05:00:00.000Z', 'America/Chicago', '2026-03-09'],
    ['2026-11-01T05:00:00.000Z', 'America/Chicago', '2026-11-01'],
    ['2026-11-02T05:59:59.999Z', 'America/Chicago', '2026-11-01'],
    ['2026-11-02T06:00:00.000Z', 'America/Chicago', '2026-11-02'],
    ['2026-12-31T10:00:00.000Z', 'Pacific/Kiritimati', '2027-01-01'],
    ['2027-01-01T10:59:59.999Z', 'Pacific/Pago_Pago', '2026-12-31'],
    // Samoa went from 29 to 31 December 2011.
    ['2011-12-30T09:59:59.999Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00.000Z', 'Pacific/Apia', '2011-12-31'],
  ])('%s in %s is %s', (instant, zone, expected) => {
    expect(businessDate(new Date(instant), zone)).toBe(expected);
  });

  it('is the day of the local wall clock, never goes back and never skips an hour', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (instant, zone) => {
        const day = businessDate(instant, zone);
        const wall = instant.toLocaleString('sv-SE', { timeZone: zone });
        expect(day).toBe(wall.slice(0, 10));
        const later = businessDate(new Date(instant.getTime() + HOUR), zone);
        expect(later >= day).toBe(true);
        const days = (Date.parse(later) - Date.parse(day)) / (24 * HOUR);
        expect(days).toBeLessThanOrEqual(zone === 'Pacific/Apia' ? 2 : 1);
      }),
    );
  });

  it('throws on a zone that does not exist', () => {
    expect(() => businessDate(new Date(0), 'Mars/Olympus')).toThrow(RangeError);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(isTimeZone('America/Chicago')).toBe(true);
  });
});

describe('monthBounds', () => {
  it.each([
    ['2026-02-28', '2026-02-01', '2026-03-01'],
    ['2026-12-31', '2026-12-01', '2027-01-01'],
    ['2024-02-29', '2024-02-01', '2024-03-01'],
  ])('%s lies from %s until %s', (date, from, until) => {
    expect(monthBounds(date)).toEqual({ from, until });
  });

  it('holds every day and meets the next month', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const day = instant.toISOString().slice(0, 10);
        const { from, until } = monthBounds(day);
        expect(from <= day && day < until).toBe(true);
        expect(monthBounds(until).from).toBe(until);
      }),
    );
  });
});
