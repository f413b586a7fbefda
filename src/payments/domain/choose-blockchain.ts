import { refuse, type Refusal } from '../../kernel/errors.js';
import type { Blockchain, Recipient } from './sale.js';

/** The chains that tickets can be minted on at this moment. */
export interface BlockchainOffer {
  readonly configured: readonly Blockchain[];
  /** The cheapest that answers; null while none has answered yet. */
  readonly recommended: Blockchain | null;
}

export interface BlockchainWish {
  /** What the event's settings say. */
  readonly setting: Blockchain | 'auto';
  /** What was recommended at the quote; null without a quote. */
  readonly quoted: Blockchain | null;
}

/**
 * The chain of a sale's tokens where the buyer names no wallet: the setting's, else the one of the
 * quote, else the one recommended now, else the first. Null where there will be no token: no chain
 * is configured, or not the one that the setting names.
 */
export function usualBlockchain(
  { setting, quoted }: BlockchainWish,
  { configured, recommended }: BlockchainOffer,
): Blockchain | null {
  const ifConfigured = (chain: Blockchain | null) =>
    chain !== null && configured.includes(chain) ? chain : null;
  if (setting !== 'auto') return ifConfigured(setting);
  return ifConfigured(quoted) ?? recommended ?? configured[0] ?? null;
}

/**
 * The chain of a sale's tokens: the one that the recipient's wallet is on, else the usual one.
 * Refuses a wallet on another chain than the event's, or on one that nothing is minted on
 * (`VALIDATION_ERROR`). Where no chain is configured at all, wallets are taken and nothing comes.
 */
export function chooseBlockchain(
  recipient: Recipient | null,
  wish: BlockchainWish,
  offer: BlockchainOffer,
): Blockchain | null | Refusal {
  const { configured } = offer;
  if (!recipient || configured.length === 0) return usualBlockchain(wish, offer);
  const { blockchain } = recipient;
  if (wish.setting !== 'auto' && wish.setting !== blockchain) {
    return misplaced(`must be ${wish.setting}, which the tickets of this event are on`);
  }
  return configured.includes(blockchain)
    ? blockchain
    : misplaced(`must be ${configured.join(' or ')}`);
}

function misplaced(message: string): Refusal {
  return refuse('VALIDATION_ERROR', 'Validation failed', {
    errors: [{ field: 'recipient.blockchain', message }],
  });
}
