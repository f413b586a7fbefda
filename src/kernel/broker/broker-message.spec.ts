import { newId } from '../ids.js';
import type { ClaimedEvent } from '../outbox/outbox-rows.js';
import { messageOf } from './broker-message.js';

const claimed = (over: Partial<ClaimedEvent> = {}): ClaimedEvent => ({
  tenantId: newId(),
  id: newId(),
  type: 'payment.completed',
  version: 2,
  aggregateType: 'payment',
  aggregateId: newId(),
  occurredAt: new Date('2026-01-12T10:00:00.999Z'),
  payload: { amount: 11_845 },
  attempts: 0,
  leaseUntil: new Date(),
  traceparent: null,
  ...over,
});

describe('a message', () => {
  it('is routed by its type, survives the broker, and comes back when nobody wants it', () => {
    const { routingKey, properties } = messageOf(claimed());
    expect(routingKey).toBe('payment.completed');
    expect(properties).toMatchObject({ persistent: true, mandatory: true });
  });

  it('has the same id however often it is made: consumers leave what they have had', () => {
    const event = claimed();
    expect(messageOf(event).properties.messageId).toBe(event.id);
    expect(messageOf({ ...event, attempts: 3 }).content).toEqual(messageOf(event).content);
  });

  it('counts its time in whole seconds, and in the envelope in milliseconds', () => {
    const { properties, content } = messageOf(claimed());
    expect(properties.timestamp).toBe(Date.parse('2026-01-12T10:00:00Z') / 1_000);
    expect(JSON.parse(String(content))).toMatchObject({ timestamp: '2026-01-12T10:00:00.999Z' });
  });

  it('carries trace, correlation and sequence where there are any, and else no such member', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const traced = messageOf(
      claimed({ traceparent, correlationId: 'c-1', sequence: 7 }),
    ).properties;
    expect(traced.headers).toMatchObject({ traceparent, sequence: 7 });
    expect(traced.correlationId).toBe('c-1');
    const bare = messageOf(claimed());
    expect(bare.properties.headers).not.toHaveProperty('traceparent');
    expect(bare.properties.headers).not.toHaveProperty('sequence');
    expect(bare.properties).not.toHaveProperty('correlationId');
    expect(JSON.parse(String(bare.content))).not.toHaveProperty('correlationId');
  });
});
