import { validateSync } from 'class-validator';
import { IsDay, IsInstant } from './fields.js';

class Told {
  @IsInstant()
  at: unknown = '2026-01-12T10:00:00Z';

  @IsDay()
  day: unknown = '2026-01-12';
}

const refused = (told: Partial<Told>) =>
  validateSync(Object.assign(new Told(), told)).map(({ property }) => property);

describe('an instant', () => {
  it.each([
    '2026-01-12T10:00Z',
    '2026-01-12T10:00:00.123+05:30',
    '1000-01-01T00:00:00Z',
    '2999-12-31T23:59:59-12:00',
  ])('%s is one', (at) => {
    expect(refused({ at })).toEqual([]);
  });

  it.each([
    ['without an offset', '2026-01-12T10:00:00'],
    ['of a day that no calendar has', '2026-02-30T10:00:00Z'],
    ['of a year that PostgreSQL does not know', '0000-01-01T00:00:00Z'],
    ['of a year that has five digits in UTC', '9999-12-31T23:59:59-12:00'],
    ['of microseconds', '2026-01-12T10:00:00.123456Z'],
    ['of a number', 1_768_212_000_000],
    ['of a list', ['2026-01-12T10:00:00Z']],
    ['of nothing', null],
  ])('none %s', (_, at) => {
    expect(refused({ at })).toEqual(['at']);
  });
});

describe('a day', () => {
  it.each(['2026-01-12', '2024-02-29', '1000-01-01', '2999-12-31'])('%s is one', (day) => {
    expect(refused({ day })).toEqual([]);
  });

  it.each(['2026-02-29', '0000-01-01', '9999-12-31', '2026-1-2', '2026-01-12T00:00Z', 20260112])(
    '%s is none',
    (day) => {
      expect(refused({ day })).toEqual(['day']);
    },
  );
});
