import type { Provider } from '@nestjs/common';
import { Mailer } from '../../kernel/notifications/index.js';
import { type IntegrationEvent, type Subscriber, Subscribers } from '../../kernel/outbox/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import type { EventCancelled } from '../domain/event-cancelled.js';
import type { PaymentCompleted } from '../domain/integration-events.js';
import type { RefundChanged } from '../domain/refund-integration-events.js';
import { writeToAudience, writeToBuyer } from './mail-jobs.js';

const EVENTS = ['payment.completed', 'refund.completed', 'event.cancelled'];

/** Makes what buyers should hear of into jobs: names and addresses are looked up by those alone. */
export class MailSubscriber implements Subscriber {
  handle(event: IntegrationEvent): readonly Statement[] {
    const { tenantId, id, type, correlationId } = event;
    if (type === 'event.cancelled') {
      const { eventId } = event.payload as EventCancelled;
      return [writeToAudience(tenantId, id, { eventId, after: null })];
    }
    if (type === 'refund.completed') {
      const { paymentId, refundId } = event.payload as RefundChanged;
      const news = { letter: 'refund', paymentId, refundId } as const;
      return [writeToBuyer(tenantId, id, news, correlationId)];
    }
    const { paymentId } = event.payload as PaymentCompleted;
    return [writeToBuyer(tenantId, id, { letter: 'receipt', paymentId }, correlationId)];
  }
}

/** While no worker has a mail server nobody listens, and events cost nothing. */
export const MAIL_SUBSCRIBER: Provider = {
  provide: MailSubscriber,
  inject: [Subscribers, Mailer],
  useFactory: (subscribers: Subscribers, mailer: Mailer) => {
    const subscriber = new MailSubscriber();
    const { configured } = mailer;
    subscribers.add({ name: 'buyer letters', events: EVENTS, configured }, subscriber);
    return subscriber;
  },
};
