import type { IntegrationEvent } from '../kernel/outbox/index.js';
import type { Reaction, Saga } from '../kernel/saga/index.js';

export const ENQUEUE_MINTS = 'nft.enqueue_mints';
export const REVOKE_TOKENS = 'nft.revoke_tokens';

/** What both commands are told. */
export type TicketsOfPayment = Readonly<{
  paymentId: string;
  userId: string;
  ticketIds: readonly string[];
}>;

type State = Readonly<{
  /** The tickets of the paid payment; null: nothing of it was heard yet. */
  sold: readonly string[] | null;
  /** Tickets whose money went back. */
  undone: readonly string[];
  lost: boolean;
}>;

type Completed = Readonly<{
  paymentId: string;
  userId: string;
  tickets: readonly { id: string }[];
}>;
type Concerning = Readonly<{ paymentId: string; userId: string }>;
type Refunded = Concerning & Readonly<{ ticketIds: readonly string[] }>;

/**
 * A payment's tokens: made when the payment is paid, taken back when a refund has ended their tickets
 * or a dispute is lost. What was undone before it was heard to be paid is never made. A payment that
 * is voided was never paid: there is nothing to take back.
 */
export const nftSaga: Saga<State> = {
  name: 'nft minting',
  events: ['payment.completed', 'refund.completed', 'dispute.lost'],
  initial: { sold: null, undone: [], lost: false },
  keyOf: ({ payload }) => (payload as Concerning).paymentId,
  react(state, event) {
    switch (event.type) {
      case 'payment.completed':
        return paid(state, event.payload as Completed);
      case 'refund.completed':
        return undo(state, event, (event.payload as Refunded).ticketIds);
      case 'dispute.lost':
        return undo({ ...state, lost: true }, event, state.sold ?? []);
      default:
        return { ignore: 'it says nothing about tokens' };
    }
  },
};

function paid(state: State, { paymentId, userId, tickets }: Completed): Reaction<State> {
  if (state.sold) return { ignore: 'its tokens are asked for' };
  const sold = tickets.map(({ id }) => id);
  const undone = state.lost ? sold : state.undone;
  const ticketIds = sold.filter((id) => !undone.includes(id));
  const payload: TicketsOfPayment = { paymentId, userId, ticketIds };
  return {
    state: { ...state, sold, undone },
    commands: ticketIds.length === 0 ? [] : [{ type: ENQUEUE_MINTS, payload }],
  };
}

function undo(state: State, event: IntegrationEvent, tickets: readonly string[]): Reaction<State> {
  const { paymentId, userId } = event.payload as Concerning;
  const ticketIds = tickets.filter((id) => !state.undone.includes(id));
  const payload: TicketsOfPayment = { paymentId, userId, ticketIds };
  const isMade = state.sold !== null && ticketIds.length > 0;
  return {
    state: { ...state, undone: [...state.undone, ...ticketIds] },
    commands: isMade ? [{ type: REVOKE_TOKENS, payload }] : [],
  };
}
