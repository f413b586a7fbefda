import { dollars, heading, table } from '../print.js';
import { call, expect, pick, type Stage, until } from '../stage.js';

type Row = Readonly<Record<string, unknown>>;

/** The provider's account held against the books: every difference has a name and an amount. */
export async function reconcile(stage: Stage): Promise<void> {
  const path = '/admin/reconciliation/runs';
  const asked = await call(stage, stage.admin, 'POST', path);
  expect(asked.status === 201, 'a reconciliation is begun');
  const report = await until('the reconciliation is complete', async () => {
    const one = `${path}/${String(pick(asked.body, 'id'))}`;
    const { body } = await call(stage, stage.admin, 'GET', one);
    return pick(body, 'run.status') === 'completed' ? body : null;
  });
  const balances = pick(report, 'run.figures.balances') as readonly Row[];
  expect(
    balances.every(({ differenceCents, explainedCents }) => differenceCents === explainedCents),
    'every difference is explained',
  );
  heading(
    'The provider’s account against our books',
    `POST ${path}: ${String(pick(report, 'run.figures.linesImported'))} new lines of the provider's, ` +
      `${String(pick(report, 'run.figures.costsBooked'))} of its fees booked.`,
  );
  table(
    ['currency', 'at Stripe', 'in our books', 'difference', 'explained'],
    balances.map((row) => [
      String(row.currency),
      ...['providerCents', 'ledgerCents', 'differenceCents', 'explainedCents'].map((name) =>
        dollars(row[name]),
      ),
    ]),
  );
}
