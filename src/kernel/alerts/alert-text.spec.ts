import type { DueAlert } from './alert.js';
import { alertText } from './alert-text.js';

const at = (time: string) => new Date(`2026-03-01T${time}:00Z`);

const alert = (rest: Partial<DueAlert> = {}): DueAlert => ({
  key: 'k',
  severity: 'critical',
  title: 'It opened',
  origin: { module: 'payments', role: 'worker', host: 'host-1', environment: 'production' },
  details: {},
  fresh: 1,
  seen: 1,
  untoldSince: at('10:00'),
  firstSeenAt: at('10:00'),
  lastSeenAt: at('10:00'),
  ...rest,
});

describe('alertText', () => {
  it('says what, when and where of one', () => {
    expect(alertText([alert()])).toBe(
      'CRITICAL It opened\n1 new at 2026-03-01 10:00 UTC\npayments, worker on host-1, production',
    );
  });

  it('sums up a burst, and what came before it', () => {
    const burst = alert({ fresh: 40, seen: 52, untoldSince: at('11:00'), lastSeenAt: at('11:09') });
    expect(alertText([burst])).toContain(
      '40 new from 2026-03-01 11:00 UTC to 2026-03-01 11:09 UTC, 52 since 2026-03-01 10:00 UTC',
    );
  });

  it('puts several into one message', () => {
    expect(alertText([alert(), alert({ severity: 'warning', title: 'Other' })])).toMatch(
      /^2 alerts\n\nCRITICAL It opened\n[^]*\n\nWARNING Other\n/,
    );
  });

  it('cuts long details and takes personal data out', () => {
    const text = alertText([
      alert({ details: { to: 'ada@example.com', long: 'x'.repeat(5_000) } }),
    ]);
    expect(text.length).toBeLessThan(1_000);
    expect(text).not.toContain('ada@');
  });
});
