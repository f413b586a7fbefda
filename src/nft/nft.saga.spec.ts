import fc from 'fast-check';
import { newId } from '../kernel/ids.js';
import type { IntegrationEvent, JsonObject } from '../kernel/outbox/index.js';
import { nftSaga, type TicketsOfPayment } from './nft.saga.js';

const about = { paymentId: newId(), userId: newId() };
const [A, B] = [newId(), newId()];

function told(type: string, payload: JsonObject = {}): IntegrationEvent {
  return {
    id: newId(),
    type,
    version: 1,
    aggregateType: 'payment',
    aggregateId: newId(),
    occurredAt: new Date(0),
    tenantId: newId(),
    payload: { ...about, ...payload },
  };
}

const completed = told('payment.completed', { tickets: [{ id: A }, { id: B }] });
const refunded = (...ticketIds: string[]) => told('refund.completed', { ticketIds });
const lost = told('dispute.lost');

/** Every command that a course of events leads to. */
function commandsOf(...events: readonly IntegrationEvent[]) {
  let state = nftSaga.initial;
  return events.flatMap((event) => {
    const reaction = nftSaga.react(state, event);
    if ('ignore' in reaction) return [];
    ({ state } = reaction);
    return reaction.commands.map(({ type, payload }) => ({
      type,
      tickets: (payload as TicketsOfPayment).ticketIds,
    }));
  });
}

describe('the tokens of a payment', () => {
  it('are asked for once, when it is paid', () => {
    expect(commandsOf(completed, completed)).toEqual([
      { type: 'nft.enqueue_mints', tickets: [A, B] },
    ]);
  });

  it('are taken back with the tickets that a refund ended, and with all by a lost dispute', () => {
    expect(commandsOf(completed, refunded(A), lost).slice(1)).toEqual([
      { type: 'nft.revoke_tokens', tickets: [A] },
      { type: 'nft.revoke_tokens', tickets: [B] },
    ]);
  });

  it('are not touched by a refund that ends no ticket', () => {
    expect(commandsOf(completed, refunded())).toHaveLength(1);
  });

  it('are not made of what was undone before the payment was heard of', () => {
    expect(commandsOf(refunded(A), completed)).toEqual([
      { type: 'nft.enqueue_mints', tickets: [B] },
    ]);
    expect(commandsOf(lost, completed)).toEqual([]);
  });

  it('are one instance a payment, whichever event tells of it', () => {
    expect(nftSaga.keyOf(lost)).toBe(about.paymentId);
    expect(nftSaga.keyOf(refunded(A))).toBe(about.paymentId);
  });

  it('end the same in whatever order events come, and how often', () => {
    const events = [completed, refunded(A), refunded(B), lost];
    fc.assert(
      fc.property(fc.shuffledSubarray([...events, ...events], { minLength: 8 }), (course) => {
        const commands = commandsOf(...course);
        const made = commands.filter(({ type }) => type === 'nft.enqueue_mints');
        const back = commands.filter(({ type }) => type === 'nft.revoke_tokens');
        const left = back.flatMap(({ tickets }) => tickets);
        expect(made.length).toBeLessThanOrEqual(1);
        expect([...left].sort()).toEqual([...made.flatMap(({ tickets }) => tickets)].sort());
      }),
    );
  });
});
