import { randomBytes, randomUUID } from 'node:crypto';
import { newId } from '../../src/kernel/ids.js';
import type { Statement } from '../../src/kernel/postgres/sql.js';
import type { SentStatement } from './record-statements.js';

/** The two transactions of a recorded purchase. */
export interface RecordedPurchase {
  readonly begin: readonly SentStatement[];
  readonly finish: readonly SentStatement[];
}

/** A purchase that can be written again and again, each time under ids of its own. */
export interface Replayable {
  readonly begin: readonly Blank[];
  readonly finish: readonly Blank[];
}

interface Blank {
  readonly text: string;
  readonly name: string;
  readonly values: readonly (string | null | readonly Piece[])[];
}

/** Text that stays, or something that every writing fills in anew, in the same length. */
type Piece = string | { readonly fill: Fill; readonly as: string };

type Fill = 'id' | 'buyer' | 'reference' | 'instant' | 'hash';

const FILLED =
  /([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})|(\bpi_\w+)|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|\+00:00))|(?<![\da-f])([\da-f]{32})(?![\da-f])/g;
const RECENT_MS = 3_600_000;

/** Picks the purchases out of a recording in which one followed the other. */
export function purchasesIn(recording: string): RecordedPurchase[] {
  const transactions = recording
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SentStatement[]);
  const having = (text: string) =>
    transactions.filter((statements) => statements.some((each) => each.text.includes(text)));
  const finished = having('UPDATE payment_idempotency');
  return having('INSERT INTO payment_idempotency').map((begin, n) => {
    const finish = finished[n];
    if (!finish) throw new Error('a recorded purchase has no second transaction');
    return { begin, finish };
  });
}

/** What purchases have in common: the ids that every one keeps, and those of the buyers. */
export interface Common {
  readonly kept: ReadonlySet<string>;
  readonly buyers: ReadonlySet<string>;
}

/**
 * Finds what belongs to one purchase alone: its buyer, ids that are not in `kept` (tenant, venues …),
 * the provider's reference, hashes of what it is counted by, and instants of about `at`.
 */
export function replayable(
  { begin, finish }: RecordedPurchase,
  common: Common,
  at: number,
): Replayable {
  const blank = ({ text, name, values }: SentStatement): Blank => ({
    text,
    name,
    values: values.map((value) => (value === null ? null : piecesOf(value, common, at))),
  });
  return { begin: begin.map(blank), finish: finish.map(blank) };
}

function piecesOf(value: string, { kept, buyers }: Common, at: number): string | Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of value.matchAll(FILLED)) {
    const [as, id, reference, instant] = match;
    if (id !== undefined && kept.has(id)) continue;
    if (instant !== undefined && Math.abs(Date.parse(instant) - at) > RECENT_MS) continue;
    const fill = kindOf({ id, reference, instant }, buyers);
    pieces.push(value.slice(from, match.index), { fill, as });
    from = match.index + as.length;
  }
  return from === 0 ? value : [...pieces, value.slice(from)];
}

function kindOf(
  found: Readonly<Record<'id' | 'reference' | 'instant', string | undefined>>,
  buyers: ReadonlySet<string>,
): Fill {
  if (found.id !== undefined) return buyers.has(found.id) ? 'buyer' : 'id';
  if (found.reference !== undefined) return 'reference';
  return found.instant === undefined ? 'hash' : 'instant';
}

/** Both transactions as statements of this buyer, with every id replaced by a fresh one of the same kind. */
export function write(
  { begin, finish }: Replayable,
  buyer: string,
): {
  readonly begin: Statement[];
  readonly finish: Statement[];
} {
  const filled = new Map<string, string>();
  const fill = (piece: Piece): string => {
    if (typeof piece === 'string') return piece;
    const known = filled.get(piece.as);
    if (known !== undefined) return known;
    const fresh = piece.fill === 'buyer' ? buyer : freshLike(piece.fill, piece.as);
    filled.set(piece.as, fresh);
    return fresh;
  };
  const statement = ({ text, name, values }: Blank): Statement => ({
    text,
    name,
    values: values.map((v) => (typeof v === 'object' && v ? v.map(fill).join('') : v)),
  });
  return { begin: begin.map(statement), finish: finish.map(statement) };
}

const VERSION = 14;

/** Time-ordered ids stay time-ordered, scattered ones scattered: indexes tell them apart. */
function freshLike(fill: Exclude<Fill, 'buyer'>, as: string): string {
  switch (fill) {
    case 'id':
      return as[VERSION] === '7' ? newId() : randomUUID();
    case 'reference':
      return `pi_${randomBytes(as.length).toString('hex')}`.slice(0, as.length);
    case 'hash':
      return randomBytes(16).toString('hex');
    case 'instant':
      return new Date().toISOString().replace('Z', as.endsWith('Z') ? 'Z' : '+00:00');
  }
}
