import type { ProviderRecord } from '../../src/auditor/provider/provider-record.js';
import type { Aim } from './auditor-random-rows.js';

/** A way in which the provider can know otherwise, drawn with any object of its lists. */
export interface ListDamage {
  readonly name: string;
  readonly rule: string;
  readonly list: keyof ProviderRecord;
  /** What the list holds instead of the object. */
  readonly instead: (told: object, by: number) => object[];
  /** Whose name the finding has to hold: the object's own, the payment's, or that of our row. */
  readonly named: 'object' | 'payment' | 'row';
  /** Of which objects: all, unless told. */
  readonly only?: (told: Readonly<Record<string, unknown>>) => boolean;
}

const CHARGE = 'I2 a charge belongs to one payment of the same amount and currency';
const REFUND = 'I3 a refund at the provider is one of ours, of the same amount and as far along';
const DISPUTE = 'I3 a dispute at the provider is one of ours, of the same amount and as far along';

const captured = (told: Readonly<Record<string, unknown>>) => told.captured === true;
const alive = (told: Readonly<Record<string, unknown>>) => told.cancelled !== true;
const wanted = ({ status }: Readonly<Record<string, unknown>>) =>
  status !== 'failed' && status !== 'canceled';
const amountOf = (told: object) => (told as { amount: number }).amount;
const nothing = () => [];
const more = (told: object, by: number) => [{ ...told, amount: amountOf(told) + by }];
const twice = (told: object, by: number) => [told, { ...told, id: `again_${by}` }];

export const LIST_DAMAGES: readonly ListDamage[] = [
  {
    name: 'a charge that the provider does not know',
    rule: 'I2 what is paid or authorized was charged',
    list: 'charges',
    instead: nothing,
    named: 'payment',
    only: alive,
  },
  {
    name: 'a charge of another amount',
    rule: CHARGE,
    list: 'charges',
    instead: (told, by) => [{ ...told, taken: (told as { taken: number }).taken + by }],
    named: 'object',
    only: captured,
  },
  {
    name: 'a charge in another currency',
    rule: CHARGE,
    list: 'charges',
    instead: (told) => [{ ...told, currency: 'eur' }],
    named: 'object',
    only: captured,
  },
  {
    name: 'a charge of nobody',
    rule: CHARGE,
    list: 'charges',
    instead: (told) => [{ ...told, payment_id: null }],
    named: 'object',
    only: captured,
  },
  {
    name: 'a charge twice',
    rule: 'I2 a payment is charged at most once',
    list: 'charges',
    instead: twice,
    named: 'payment',
    only: alive,
  },
  {
    name: 'a refund that the provider does not know',
    rule: 'I3 what we say is refunded is at the provider',
    list: 'refunds',
    instead: nothing,
    named: 'row',
    only: wanted,
  },
  {
    name: 'a refund of another amount',
    rule: REFUND,
    list: 'refunds',
    instead: more,
    named: 'object',
  },
  {
    name: 'a refund that went otherwise',
    rule: REFUND,
    list: 'refunds',
    instead: (told) => [{ ...told, status: 'canceled' }],
    named: 'object',
    only: wanted,
  },
  {
    name: 'a refund twice',
    rule: 'I3 the provider pays a refund once',
    list: 'refunds',
    instead: twice,
    named: 'row',
    only: wanted,
  },
  {
    name: 'a dispute that the provider does not know',
    rule: 'I3 what we say is disputed is at the provider',
    list: 'disputes',
    instead: nothing,
    named: 'payment',
  },
  {
    name: 'a dispute of another amount',
    rule: DISPUTE,
    list: 'disputes',
    instead: more,
    named: 'object',
  },
];

/** Everything in the lists that can be damaged so. */
export function aimsOf({ list, named, only }: ListDamage, record: ProviderRecord): Aim[] {
  const paymentOf = new Map(record.charges.map(({ id, payment_id: owner }) => [id, owner]));
  return record[list]
    .filter((told) => only?.({ ...told }) ?? true)
    .flatMap((told) => {
      const paymentId =
        'payment_id' in told ? told.payment_id : (paymentOf.get(told.charge ?? '') ?? null);
      if (paymentId === null) return [];
      const row = 'refund_id' in told ? told.refund_id : null;
      if (named === 'row' && row === null) return [];
      const names = { object: told.id, payment: paymentId, row: row ?? '' };
      return [{ paymentId, id: names[named], kind: told.id }];
    });
}

/** The lists with one object damaged. */
export function damaged(
  record: ProviderRecord,
  { list, instead }: ListDamage,
  { kind }: Aim,
  by: number,
): ProviderRecord {
  const told: readonly { readonly id: string }[] = record[list];
  const now = told.flatMap((each) => (each.id === kind ? instead(each, by) : [each]));
  return { ...record, [list]: now };
}
