import { type Sale, saleOf, type StoredSale } from './sale.js';

/**
 * A sale as the provider keeps it beside the charge, so that a payment of which no table of ours
 * knows anything can be told again from there. Texts by name, as short as metadata has to be
 * (docs.stripe.com/api/metadata: 50 names, 40 characters each, values of 500).
 */
export type SaleMemo = Readonly<Record<string, string>>;

/**
 * Makes a text one that nobody else can write. The same text has the same seal: a charge is asked
 * for again with the very request it was asked for first, or its key is refused.
 */
export interface MemoSeal {
  seal(text: string): string;
  /** The text; null for what was sealed elsewhere or changed since. */
  open(sealed: string): string | null;
}

const VERSION = 1;
const NAME = /^sale_\d+$/;
const PART_LENGTH = 500;
/** The other names are left to whoever needs one. */
const MOST_PARTS = 44;

/** The memo of a sale; nothing where the sale is too long to be kept (about a hundred tickets). */
export function toMemo(sale: Sale, seal: MemoSeal): SaleMemo {
  const sealed = seal.seal(
    JSON.stringify({ version: VERSION, sale: inOrder(asFirstWritten(sale)) }),
  );
  const parts = Math.ceil(sealed.length / PART_LENGTH);
  if (parts > MOST_PARTS) return {};
  return Object.fromEntries(
    Array.from({ length: parts }, (_, i) => [
      `sale_${i}`,
      sealed.slice(i * PART_LENGTH, (i + 1) * PART_LENGTH),
    ]),
  );
}

/**
 * The sale that metadata tells of. `absent` where it tells of none; `damaged` where what it tells is
 * not what was written, in whole or in part.
 */
export function fromMemo(metadata: SaleMemo, seal: MemoSeal): Sale | 'absent' | 'damaged' {
  const names = Object.keys(metadata).filter((name) => NAME.test(name));
  if (names.length === 0) return 'absent';
  const text = seal.open(names.map((_, i) => metadata[`sale_${i}`] ?? '').join(''));
  if (text === null) return 'damaged';
  const { version, sale } = JSON.parse(text) as { version: number; sale: StoredSale };
  return version === VERSION ? saleOf(sale) : 'damaged';
}

/**
 * A sale without a chain is written as all were before there were chains: those that were charged
 * then, and are asked for again, have the metadata they were asked for with.
 */
function asFirstWritten({ blockchain, ...sale }: Sale): StoredSale {
  return blockchain === null ? sale : { ...sale, blockchain };
}

/** With its fields by name: a sale that was stored comes back with them in another order. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const fields = value as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = {};
  for (const name of Object.keys(fields).sort()) ordered[name] = inOrder(fields[name]);
  return ordered;
}
