import fc from 'fast-check';
import { MINT_STATUSES, MINT_TRANSITIONS, priorityOf, tokenName } from './mint.js';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const inMs = (ms: number) => new Date(NOW.getTime() + ms).toISOString();

describe('the priority of a mint', () => {
  it.each([
    [null, 'standard'],
    [inMs(-60_000), 'urgent'],
    [inMs(2 * 3_600_000 - 1), 'urgent'],
    [inMs(2 * 3_600_000), 'high'],
    [inMs(24 * 3_600_000 - 1), 'high'],
    [inMs(24 * 3_600_000), 'standard'],
  ])('of an event that begins at %s is %s', (startsAt, priority) => {
    expect(priorityOf(startsAt, NOW)).toBe(priority);
  });
});

describe('the steps of a mint', () => {
  it('never lead back to minting from a token that was minted', () => {
    const reached = new Set<(typeof MINT_STATUSES)[number]>(['minted']);
    for (const status of reached) MINT_TRANSITIONS[status].forEach((next) => reached.add(next));
    expect(reached).not.toContain('queued');
    expect(reached).not.toContain('minting');
  });

  it('end, for what was cancelled or revoked', () => {
    const ends = MINT_STATUSES.filter((status) => MINT_TRANSITIONS[status].length === 0);
    expect(ends).toEqual(['cancelled', 'revoked']);
  });
});

describe('the name of a token', () => {
  it.each([
    ['Rock Night', 'Rock Night'],
    ['  ', 'Ticket'],
    ['A very long name of an event, longer than fits', 'A very long name of an event, lo'],
    ['Ü'.repeat(20), 'Ü'.repeat(16)],
    ['Night of the long name of an evt end', 'Night of the long name of an evt'],
  ])('%j is %j', (eventName, name) => {
    expect(tokenName(eventName)).toBe(name);
  });

  it('is whole characters, never more than 32 bytes, never nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (eventName) => {
        const name = tokenName(eventName);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(32);
        expect(name.length).toBeGreaterThan(0);
        expect(Buffer.from(name).toString()).toBe(name);
      }),
    );
  });
});
