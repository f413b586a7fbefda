import fc from 'fast-check';
import { nextStep, type Seen, type Try } from './next-step.js';

const aTry = (over: Partial<Try> = {}): Try => ({
  number: 0,
  nonce: 7,
  isOurs: true,
  seen: 'pending',
  ageSeconds: 1,
  sentSecondsAgo: 1,
  ...over,
});
const numbered = (...tries: readonly Partial<Try>[]) =>
  tries.map((over, number) => aTry({ ...over, number }));

describe('the next step of a part', () => {
  it('is to begin, where nothing was tried', () => {
    expect(nextStep([], 0)).toEqual({ do: 'begin' });
  });

  it('is to sign for the place that was given, after whatever ended the process', () => {
    expect(nextStep(numbered({ seen: 'unsigned', sentSecondsAgo: null }), 0)).toEqual({
      do: 'sign',
      try: 0,
      beats: null,
    });
  });

  it('is to leave a place of another key, and to pay no more for it', () => {
    const unsigned = { seen: 'unsigned', sentSecondsAgo: null, isOurs: false } as const;
    expect(nextStep(numbered(unsigned), 0)).toEqual({ do: 'give_back', try: 0 });
    const waiting = { ageSeconds: 60, sentSecondsAgo: 5, isOurs: false };
    expect(nextStep(numbered(waiting), 0)).toEqual({ do: 'send', try: 0 });
  });

  it('is to send what was kept and perhaps never sent', () => {
    expect(nextStep(numbered({ sentSecondsAgo: null }), 0)).toEqual({ do: 'send', try: 0 });
  });

  it('is to send the same again when it has not been heard of for a while', () => {
    expect(nextStep(numbered({ sentSecondsAgo: 5 }), 0)).toEqual({ do: 'send', try: 0 });
    expect(nextStep(numbered({ sentSecondsAgo: 4 }), 0)).toEqual({ do: 'wait' });
  });

  it('is to pay more for a place that waits for a minute, where there are places', () => {
    expect(nextStep(numbered({ ageSeconds: 60 }), 0)).toEqual({ do: 'raise', beats: 0 });
    expect(nextStep(numbered({ ageSeconds: 60, nonce: null }), 0)).toEqual({ do: 'wait' });
  });

  it('is to sign above the fee of the try that it replaces', () => {
    expect(nextStep(numbered({ ageSeconds: 60 }, { seen: 'unsigned' }), 0)).toEqual({
      do: 'sign',
      try: 1,
      beats: 0,
    });
  });

  it('is to sign above the fee of a try that expired, where every try has its own place', () => {
    const after = (seen: Seen) =>
      nextStep(numbered({ seen, nonce: null }, { seen: 'unsigned', nonce: null }), 0);
    expect(after('expired')).toEqual({ do: 'sign', try: 1, beats: 0 });
    expect(after('failed')).toEqual({ do: 'sign', try: 1, beats: null });
    const elsewhere = numbered({ seen: 'expired', nonce: 6 }, { seen: 'unsigned' });
    expect(nextStep(elsewhere, 0)).toEqual({ do: 'sign', try: 1, beats: null });
  });

  it('is to pay more for a place twelve times, and then to send the same again', () => {
    const waiting = (raises: number) =>
      nextStep(
        numbered(
          ...Array.from({ length: raises + 1 }, () => ({ ageSeconds: 60, sentSecondsAgo: 5 })),
        ),
        0,
      );
    expect(waiting(11)).toEqual({ do: 'raise', beats: 11 });
    expect(waiting(12)).toEqual({ do: 'send', try: 12 });
    const moved = [
      aTry({ seen: 'failed', nonce: 6 }),
      ...numbered({}, { ageSeconds: 60 }).slice(1),
    ];
    expect(nextStep(moved, 1)).toEqual({ do: 'raise', beats: 1 });
  });

  it('is to wait for the block of a try to be final, and to go on when that block is lost', () => {
    const late = { ageSeconds: 60, sentSecondsAgo: 60 };
    const tries = (...seen: Seen[]) => numbered(...seen.map((one) => ({ ...late, seen: one })));
    expect(nextStep(tries('included'), 0)).toEqual({ do: 'wait' });
    expect(nextStep(tries('included', 'pending'), 0)).toEqual({ do: 'wait' });
    expect(nextStep(tries('included', 'unsigned'), 0)).toEqual({ do: 'wait' });
    expect(nextStep(tries('pending'), 0)).toEqual({ do: 'raise', beats: 0 });
  });

  it('is to finish by whichever try was included', () => {
    const replaced = numbered({ seen: 'done' }, { seen: 'pending' });
    expect(nextStep(replaced, 0)).toEqual({ do: 'finish', try: 0 });
    expect(nextStep(numbered({ seen: 'expired' }, { seen: 'done' }), 3)).toMatchObject({ try: 1 });
  });

  it('is to begin in another place after a try that reverted or expired', () => {
    expect(nextStep(numbered({ seen: 'failed' }), 1)).toEqual({ do: 'begin' });
    expect(nextStep(numbered({ seen: 'expired', nonce: null }), 0)).toEqual({ do: 'begin' });
  });

  it('is to begin anew also when a replaced try reverted and its replacement looks pending', () => {
    expect(nextStep(numbered({ seen: 'failed' }, { seen: 'pending' }), 1)).toEqual({ do: 'begin' });
  });

  it('is to wait while an earlier try of the place may still be included', () => {
    const tries = numbered({ seen: 'pending' }, { seen: 'expired' });
    expect(nextStep(tries, 0)).toEqual({ do: 'wait' });
  });

  it('is for a person after three failures', () => {
    expect(nextStep(numbered({ seen: 'failed' }), 3)).toMatchObject({ do: 'give_up' });
    expect(nextStep([], 3)).toMatchObject({ do: 'give_up' });
  });

  it('is for a person when nothing is ever included', () => {
    const expired = Array.from({ length: 30 }, () => ({ seen: 'expired' as const, nonce: null }));
    expect(nextStep(numbered(...expired), 0)).toMatchObject({ do: 'give_up' });
  });

  it('never begins while the latest try may be included, and never after one that is done', () => {
    const seen = fc.constantFrom<Seen>(
      ...(['unsigned', 'pending', 'included', 'done', 'failed', 'expired'] as const),
    );
    const nonce = fc.option(fc.nat(3), { nil: null });
    const tries = fc.array(fc.record({ seen, nonce, ageSeconds: fc.nat(100) }), { maxLength: 6 });
    fc.assert(
      fc.property(tries, fc.nat(3), (made, attempts) => {
        const all = numbered(...made);
        const step = nextStep(all, attempts);
        const isDone = all.some((one) => one.seen === 'done');
        expect(step.do === 'finish').toBe(isDone);
        const last = all.at(-1);
        const isOpen = last?.seen === 'pending' || last?.seen === 'included';
        if (last?.nonce === null && isOpen) expect(step.do).not.toBe('begin');
        if (last?.seen === 'included' && !isDone) expect(step.do).toBe('wait');
        if (step.do === 'begin') expect(attempts).toBeLessThan(3);
      }),
    );
  });
});
