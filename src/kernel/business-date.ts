/** A day at the venue, `YYYY-MM-DD`. */
export type BusinessDate = string;

const formatters = new Map<string, Intl.DateTimeFormat>();
/** The last answer for each zone: a sale asks four times, and zones differ by whole seconds. */
const latest = new Map<string, { readonly second: number; readonly date: BusinessDate }>();

/**
 * The calendar day of an instant at a place: what "today" and "this month" mean for a venue. The
 * zone's rules decide, so a day of 23 or 25 hours is one day. Throws RangeError on a time zone
 * that is not in the IANA database (the catalogue refuses such a venue before it gets here).
 */
export function businessDate(instant: Date, timezone: string): BusinessDate {
  const second = Math.floor(instant.getTime() / 1_000);
  const known = latest.get(timezone);
  if (known?.second === second) return known.date;
  const date = calendarDate(instant, timezone);
  latest.set(timezone, { second, date });
  return date;
}

function calendarDate(instant: Date, timezone: string): BusinessDate {
  const parts = formatterOf(timezone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The first day of a day's month and of the month after it: `from ≤ day < until`. */
export function monthBounds(date: BusinessDate): { from: BusinessDate; until: BusinessDate } {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7));
  const next = month === 12 ? [year + 1, 1] : [year, month + 1];
  return { from: firstDay(year, month), until: firstDay(next[0] ?? year, next[1] ?? 1) };
}

export function isTimeZone(name: string): boolean {
  try {
    return formatterOf(name).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function firstDay(year: number, month: number): BusinessDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`;
}

/** Making one costs a hundred times more than using it; there are a few hundred zones. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}
