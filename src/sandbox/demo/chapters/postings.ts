import { dollars, table } from '../print.js';
import { pick } from '../stage.js';

type Row = Readonly<Record<string, unknown>>;

/** Prints the postings of a proof's journals, as far as their kind is of interest. */
export function postings(proof: unknown, shows: (kind: string) => boolean): void {
  const journals = (pick(proof, 'journals') as readonly Row[]).filter(({ kind }) =>
    shows(String(kind)),
  );
  table(
    ['journal', 'account', 'line', 'amount'],
    journals.flatMap(({ kind, postings: lines }) =>
      (lines as readonly Row[]).map(({ account, code, amount }) => [
        String(kind),
        String(account),
        String(code),
        dollars(amount),
      ]),
    ),
  );
}
