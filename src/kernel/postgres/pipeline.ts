import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { Statement } from './sql.js';

/** What one statement answered. */
export type Result = QueryResult<QueryResultRow>;

interface Corkable {
  readonly connection: { readonly stream: { cork(): void; uncork(): void } };
}

const ABORTED = '25P02';

function send(client: PoolClient, statement: Statement | string): Promise<Result> {
  const config =
    typeof statement === 'string'
      ? { text: statement }
      : { text: statement.text, name: statement.name, values: [...statement.values] };
  return new Promise((resolve, reject) => {
    client.query(config, (error: Error | null, result: Result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/**
 * Writes all statements into one network packet and gathers the answers in order.
 * The first refusal is thrown; what PostgreSQL skipped because of it is not reported.
 */
export async function pipeline(
  client: PoolClient,
  statements: readonly (Statement | string)[],
): Promise<Result[]> {
  const { stream } = (client as unknown as Corkable).connection;
  stream.cork();
  const sent = statements.map((statement) => send(client, statement));
  stream.uncork();
  const answers = await Promise.allSettled(sent);
  const refusals = answers.flatMap((a) => (a.status === 'rejected' ? [a.reason as Error] : []));
  const cause = refusals.find((e) => !('code' in e && e.code === ABORTED)) ?? refusals[0];
  if (cause) throw cause;
  return answers.flatMap((a) => (a.status === 'fulfilled' ? [a.value] : []));
}
