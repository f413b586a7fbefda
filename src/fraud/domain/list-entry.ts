import type { Uuid } from '../../kernel/ids.js';
import {
  type BillingAddress,
  normalizeBillingAddress,
} from '../../waiting-room/waiting-room.contract.js';
import { networkOf } from '../../kernel/network-address.js';

export const LIST_KINDS = ['block', 'allow'] as const;
export const SUBJECT_TYPES = ['user', 'device', 'ip', 'card', 'address'] as const;

export type ListKind = (typeof LIST_KINDS)[number];
export type SubjectType = (typeof SUBJECT_TYPES)[number];

/** Whom or what an entry names: an account, device fingerprint, network address, card fingerprint or billing address. */
export type Subject =
  | { readonly type: Exclude<SubjectType, 'address'>; readonly value: string }
  | { readonly type: 'address'; readonly value: BillingAddress };

/** An entry of a block or allow list. The value itself is not kept. */
export interface ListEntry {
  readonly id: Uuid;
  readonly kind: ListKind;
  readonly subjectType: SubjectType;
  /** What may be shown of the value. */
  readonly hint: string;
  readonly reason: string;
  /** From then on it does not hold; null: it has no end. */
  readonly until: Date | null;
  readonly addedBy: Uuid;
  readonly addedAt: Date;
}

const TAIL = 4;

/** A user's id says nothing to strangers and is shown; of anything else its end, of an address nothing. */
export function hintOf({ type, value }: Subject): string {
  if (type === 'address') return '…';
  if (type === 'user') return value.toLowerCase();
  if (type === 'ip') return `${/^\w+[.:]/.exec(value)?.[0] ?? ''}…`;
  return `…${value.slice(-TAIL)}`;
}

/**
 * The same subject is the same text however it is written: letters in lower case, a billing address
 * as purchase limits read it.
 */
export function normalised({ type, value }: Subject): string {
  if (type === 'address') return normalizeBillingAddress(value);
  const text = value.normalize('NFKC').trim();
  if (type === 'device' || type === 'card') return text;
  const small = text.toLowerCase();
  return type === 'ip' ? networkOf(small) : small;
}
