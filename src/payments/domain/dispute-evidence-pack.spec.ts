import { begunPayment, providerCharge } from '../../../test/builders/payment.js';
import { sale, saleTicket } from '../../../test/builders/sale.js';
import { newId } from '../../kernel/ids.js';
import { evidencePack, type LoggedEvent } from './dispute-evidence-pack.js';

const sold = sale({ tickets: [saleTicket({ seat: 'A1' }), saleTicket({ priceCents: 7 })] });
const charge = providerCharge();
const paid = begunPayment({ status: 'PAID', sale: sold, charge, capturedCents: sold.price.total });
const at = (time: string) => new Date(`2026-01-12T${time}Z`);
const log: LoggedEvent[] = [
  { at: at('10:00:00'), event: { type: 'payment.initiated', sale: sold } },
  { at: at('10:00:01'), event: { type: 'payment.processing' } },
  { at: at('10:00:02'), event: { type: 'payment.succeeded', charge } },
];
const device = {
  fingerprintTaken: true,
  addressTaken: false,
  earlierByDevice: 3,
  earlierByAddress: 0,
};

it('names each ticket, its seat and price, and the day of the event where it takes place', () => {
  const pack = evidencePack(paid, log, device);
  const [first, second] = sold.tickets;
  expect(pack.product_description).toContain('2 admission ticket(s) to "River City Revival"');
  expect(pack.product_description).toContain(`Ticket ${first?.id ?? '?'}`);
  expect(pack.product_description).toContain('seat A1, USD 50.00');
  expect(pack.product_description).toContain(`Ticket ${second?.id ?? '?'}`);
  expect(pack.product_description).toContain('general admission, USD 0.07');
  // 1 June 01:00 UTC is the evening before in Nashville.
  expect(pack.service_date).toBe('2027-05-31');
});

it('tells what happened when, and leaves out what means nothing to a bank', () => {
  const lines = evidencePack(paid, log, device).access_activity_log?.split('\n');
  expect(lines).toHaveLength(2);
  expect(lines?.[0]).toMatch(/^2026-01-12T10:00:00.000Z Account .* ordered 2 ticket/);
  expect(lines?.[1]).toMatch(/^2026-01-12T10:00:02.000Z .*delivered/);
});

it('shows the price as it was shown, and only the fees that the buyer paid', () => {
  const text = evidencePack(paid, log, device).uncategorized_text;
  expect(text).toContain('Platform fee: USD 8.20');
  expect(text).toContain('All-in price before taxes: USD 109.20');
  expect(text).toContain('Charged: USD 118.45');
  const payers = { ...sold.price.payers, platformFee: 'venue' } as const;
  const borne = { ...paid, sale: { ...sold, price: { ...sold.price, payers } } };
  expect(evidencePack(borne, log, device).uncategorized_text).toContain('Platform fee: USD 0.00');
});

it('tells how the buyer was authenticated', () => {
  const text = (payment = paid, events = log) =>
    evidencePack(payment, events, device).uncategorized_text;
  expect(text()).toContain('3-D Secure: not asked for');
  const threeDSecure = {
    result: 'authenticated',
    flow: 'challenge',
    version: '2.2.0',
    indicator: '05',
  };
  const secured = { ...paid, charge: { ...charge, threeDSecure } };
  expect(text(secured)).toContain('3-D Secure 2.2.0: authenticated (challenge flow, indicator 05)');
  const asked = { type: 'payment.requires_action', reference: 'pi_1', action: 'redirect' } as const;
  expect(text(paid, [...log, { at: at('10:00:03'), event: asked }])).toContain(
    "the buyer completed the bank's challenge",
  );
});

it('tells what is kept of the device, and that nothing is where nothing is', () => {
  const text = evidencePack(paid, log, device).uncategorized_text;
  expect(text).toContain('3 earlier purchase(s)');
  expect(text).toContain('no address was recorded');
  expect(evidencePack(paid, log, null).uncategorized_text).toContain('nothing is kept any more');
});

it('tells the refund policy of the sale and every refund', () => {
  const refundPolicy = { ...sold.refundPolicy, windowHours: 24, refundPlatformFee: true };
  const refundId = newId();
  const terms = {
    refundId,
    origin: 'request',
    amountCents: 5_463,
    parts: {},
    ticketIds: [],
    freeSeats: true,
    reason: 'private words',
  } as const;
  const refunded = {
    ...paid,
    sale: { ...sold, refundPolicy },
    refunds: { [refundId]: { terms, status: 'completed', reference: 're_1' } as const },
  };
  const pack = evidencePack(refunded, log, device);
  expect(pack.refund_policy_disclosure).toContain('within 24 hours');
  expect(pack.refund_policy_disclosure).toContain('Not refunded: blockchain fee, processing fee.');
  expect(pack.refund_refusal_explanation).toBe(`Refund ${refundId} of USD 54.63: completed.`);
  expect(evidencePack(paid, log, device).refund_policy_disclosure).toContain('final');
  expect(JSON.stringify(pack)).not.toContain('private words');
});

it('stays within what a field may hold, however many tickets there are', () => {
  const tickets = Array.from({ length: 500 }, () => saleTicket());
  const many = { ...paid, sale: { ...sold, tickets } };
  for (const text of Object.values(evidencePack(many, log, null))) {
    expect(text.length).toBeLessThan(20_000);
  }
});
