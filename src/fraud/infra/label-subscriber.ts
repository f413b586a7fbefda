import {
  DurableSubscriber,
  type IntegrationEvent,
  type Subscriber,
} from '../../kernel/outbox/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import {
  aboutPayment,
  aboutRefund,
  REVIEW_APPROVED,
  REVIEW_REJECTED,
  TICKET_RESOLD,
  ticketResold,
} from '../domain/heard-events.js';
import type { Label } from '../domain/label.js';
import { noteResale, putLabel, returnTickets } from './label-rows.js';

const MEANING: Readonly<Record<string, Label>> = {
  'dispute.opened': { label: 'dispute', outcome: 'open' },
  'dispute.won': { label: 'dispute', outcome: 'won' },
  'dispute.lost': { label: 'dispute', outcome: 'lost' },
  'refund.completed': { label: 'refund', outcome: null },
  [REVIEW_APPROVED]: { label: 'approved', outcome: null },
  [REVIEW_REJECTED]: { label: 'rejected', outcome: null },
};

/** A markup beyond it says nothing more, and fits every column. */
const MOST_BPS = 1_000_000;

/** Hears what became of purchases: the only thing that tells right decisions from wrong ones. */
@DurableSubscriber({ name: 'fraud labels', events: [...Object.keys(MEANING), TICKET_RESOLD] })
export class LabelSubscriber implements Subscriber {
  handle(event: IntegrationEvent): readonly Statement[] {
    const { tenantId, type, payload, occurredAt } = event;
    if (type === TICKET_RESOLD) return [resaleOf(event)];
    const meaning = MEANING[type];
    if (!meaning) throw new Error(`fraud labels do not follow ${type}`);
    const { paymentId, userId } = aboutPayment.parse(payload);
    const labelled = putLabel(tenantId, { ...meaning, paymentId, userId, at: occurredAt });
    if (meaning.label !== 'refund') return labelled;
    const { ticketIds } = aboutRefund.parse(payload);
    return [...labelled, returnTickets(tenantId, paymentId, ticketIds.length)];
  }
}

function resaleOf({ tenantId, id, payload, occurredAt }: IntegrationEvent): Statement {
  const { sellerId, originalPriceCents, priceCents } = ticketResold.parse(payload);
  const markup = ((priceCents - originalPriceCents) * 10_000) / originalPriceCents;
  const markupBps = originalPriceCents === 0 ? null : Math.min(Math.round(markup), MOST_BPS);
  return noteResale(tenantId, { id, userId: sellerId, markupBps, at: occurredAt });
}
