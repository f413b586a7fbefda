import { begunPayment } from '../../../test/builders/payment.js';
import { render } from '../../kernel/notifications/letter.js';
import { type BuyerNews, letterOf } from './buyer-letters.js';
import type { BegunPayment } from './payment.js';
import type { Refund, RefundOrigin } from './refund.js';

const { sale } = begunPayment();
const paid = (over: Partial<BegunPayment> = {}) =>
  begunPayment({ status: 'PAID', sale, capturedCents: sale.price.total, ...over });
const about = (news: { letter: 'receipt' | 'cancellation' }): BuyerNews => ({
  ...news,
  paymentId: sale.paymentId,
});
const REFUND: BuyerNews = { letter: 'refund', paymentId: sale.paymentId, refundId: 'r1' };

function refund(
  status: Refund['status'],
  origin: RefundOrigin = 'request',
): Record<string, Refund> {
  const ticketIds = sale.tickets.map(({ id }) => id);
  const terms = { refundId: 'r1', origin, amountCents: 1_234, parts: {}, ticketIds };
  return {
    r1: { terms: { ...terms, freeSeats: true, reason: 'private' }, status, reference: 're_1' },
  };
}

const rows = (news: BuyerNews, payment: BegunPayment) => letterOf(news, payment)?.rows ?? [];

describe('a receipt', () => {
  it('has lines that sum to the total, of a partial capture as well', () => {
    for (const capturedCents of [sale.price.total, 9_999, 1]) {
      const amounts = rows(about({ letter: 'receipt' }), paid({ capturedCents }))
        .filter(({ value }) => value.startsWith('$'))
        .map(({ value }) => Number(value.replace(/\D/g, '')));
      expect(amounts.at(-1)).toBe(capturedCents);
      expect(amounts.slice(0, -1).reduce((a, b) => a + b, 0)).toBe(capturedCents);
    }
  });

  it('says when the event begins where it takes place', () => {
    const event = { ...sale.event, startsAt: '2026-07-04T01:30:00Z', timezone: 'America/Chicago' };
    const letter = letterOf(about({ letter: 'receipt' }), paid({ sale: { ...sale, event } }));
    expect(letter && render(letter, '').text).toMatch(/Begins: +Friday, July 3, 2026 at 8:30 PM/);
  });

  it('is not written before the money is in', () => {
    const processing = begunPayment({ status: 'PROCESSING' });
    expect(letterOf(about({ letter: 'receipt' }), processing)).toBeUndefined();
  });
});

describe('a refund', () => {
  it('is confirmed with its amount and without what staff noted', () => {
    const letter = letterOf(REFUND, paid({ refunds: refund('completed') }));
    expect(letter?.rows).toContainEqual({ label: 'Refunded', value: '$12.34' });
    expect(JSON.stringify(letter)).not.toContain('private');
  });

  it.each(['pending', 'failed', 'reversed'] as const)('that is %s is not confirmed', (status) => {
    expect(letterOf(REFUND, paid({ refunds: refund(status) }))).toBeUndefined();
  });

  it('says why it comes when nobody asked for it', () => {
    const said = (origin: RefundOrigin) =>
      letterOf(REFUND, paid({ refunds: refund('completed', origin) }))?.paragraphs.join(' ');
    expect(said('cancellation')).toContain('was cancelled');
    expect(said('late')).toContain('arrived after');
    expect(said('request')).not.toMatch(/cancelled|arrived/);
  });
});

describe('a cancellation', () => {
  const notice = (refunds: BegunPayment['refunds']) =>
    letterOf(about({ letter: 'cancellation' }), paid({ refunds }));

  it('is told to whoever holds tickets or got them back for it', () => {
    expect(notice({})).toBeDefined();
    expect(notice(refund('completed', 'cancellation'))).toBeDefined();
  });

  it('is not told to whoever had given everything back before', () => {
    expect(notice(refund('completed'))).toBeUndefined();
  });
});
