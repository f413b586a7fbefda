import { CHAINS, type Server } from './plan.js';

/** A fault built into the application's sources: what stands in a file, once, and what instead. */
export interface Mutant {
  readonly what: string;
  readonly changes: readonly {
    readonly file: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** Servers that a storm must have to come to it. */
  readonly needs?: readonly Server[];
}

const mutant = (what: string, file: string, from: string, to: string): Mutant => ({
  what,
  changes: [{ file, from, to }],
});

const STRIPE = 'src/payments/infra/stripe';
const JOB_TASKS = 'src/nft/infra/job-tasks.ts';
const JOB_PARTS = 'src/nft/infra/job-parts.ts';

/** Faults that the harness must find: each is a way in which such systems have lost money. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  'new-key-per-attempt': mutant(
    'each attempt at the provider has another idempotency key',
    `${STRIPE}/stripe-provider.ts`,
    '{ idempotencyKey: `${step}_${operationId}` }',
    '{ idempotencyKey: `${step}_${operationId}_${String(Math.random())}` }',
  ),
  'charge-first': mutant(
    'the provider is asked before the intent is committed',
    'src/payments/commands/purchase.ts',
    'const begun = await this.beginning.commit({',
    'await this.provider.charge(prepared.sale);\n const begun = await this.beginning.commit({',
  ),
  'no-transaction': {
    what: 'the statements of a transaction commit one by one',
    changes: [
      {
        file: 'src/kernel/postgres/database.ts',
        from: 'const results = await pipeline(client, statements);',
        to: `const results = [];
      for (const each of statements) {
        if (each.text === 'COMMIT') results.push({ command: 'COMMIT', rowCount: null, rows: [] });
        else if (each.text.startsWith('BEGIN')) results.push({ command: 'BEGIN', rowCount: null, rows: [] });
        else results.push(...(await pipeline(client, [each])));
      }`,
      },
      {
        file: 'src/kernel/postgres/database.ts',
        from: `SELECT set_config('app.tenant_id', \${tenantId}, true)`,
        to: `SELECT set_config('app.tenant_id', \${tenantId}, false)`,
      },
    ],
  },
  'no-optimistic-lock': mutant(
    'events are appended wherever the stream ends by now',
    'src/kernel/event-store/event-store.ts',
    '${version}::bigint + n',
    `(SELECT coalesce(max(sequence_number), 0) FROM payment_event_sequence
        WHERE payment_id = \${stream.id}::uuid) + 0 * \${version}::bigint + n`,
  ),
  '200-and-forget': mutant(
    'a webhook is answered 200 before it is stored',
    'src/webhooks/commands/receive-webhook.ts',
    'await this.database.transact(',
    'void this.database.transact(',
  ),
  'skip-signature': mutant(
    'whoever says to be the provider is believed',
    'src/webhooks/commands/receive-webhook.ts',
    'if (isRefusal(event)) return event;',
    `if (isRefusal(event)) {
      const told = JSON.parse(rawBody.toString()) as { id: string; type: string };
      const claimed = { eventId: told.id, eventType: told.type, account: null, livemode: false };
      await this.database.transact(this.platformTenant, [
        keep(this.platformTenant, provider, { ...claimed, payload: {} }),
      ]);
      return { received: true };
    }`,
  ),
  'seats-kept': mutant(
    'the places of a payment that failed are never free again',
    'src/payments/infra/holds.ts',
    `return [...freePlaces(sale, sale.tickets), setTickets(sale, 'released')];`,
    `return [setTickets(sale, 'released')];`,
  ),
  'refund-again': {
    what: 'a refund that nobody has heard of is asked for once more, as a new one',
    changes: [
      {
        file: `${STRIPE}/stripe-provider.ts`,
        from: 'if (found) return found;',
        to: 'void found;',
      },
      {
        file: `${STRIPE}/stripe-provider.ts`,
        from: `keyed('refund', operation.refundId),`,
        to: `keyed('refund', String(Math.random())),`,
      },
    ],
  },
  'answer-not-stored': mutant(
    'the answer is not kept under its key',
    'src/kernel/idempotency/idempotency.ts',
    'SET status_code = ${answer.status}, response = ${answer.body}, lease_until = NULL',
    `SET status_code = \${answer.status}, response = \${answer.body} || ' ' || clock_timestamp(),
      lease_until = NULL`,
  ),
  'no-janitor': mutant(
    'nobody asks what became of what is unknown',
    'src/payments/infra/janitor.ts',
    'for (const queue of this.queues) {\n      this.tasks.add(',
    'for (const queue of this.queues.slice(3)) {\n      this.tasks.add(',
  ),
  'mint-signed-anew': {
    what: 'what was signed and perhaps not sent is signed anew, instead of sent again',
    changes: [
      {
        file: JOB_PARTS,
        from: 'export function seenOnRecord({ status }: RecordedTry)',
        to: 'export function seenOnRecord({ status, sentSecondsAgo }: RecordedTry)',
      },
      {
        file: JOB_PARTS,
        from: "case 'signed':\n      return null;",
        to: "case 'signed':\n      return sentSecondsAgo === null ? 'expired' : null;",
      },
    ],
    needs: CHAINS,
  },
  'chain-not-read': {
    what: 'nobody looks at the chain before something is begun, or taken for done',
    changes: [
      {
        file: JOB_TASKS,
        from: 'const existing = await chain.existing(tokens.map(({ mint }) => mint.ticketId));',
        to: 'const existing = new Set<Uuid>();',
      },
      {
        file: JOB_TASKS,
        from: 'const owner = owners.get(token.mint.ticketId) ?? null;',
        to: 'const owner = owners.size < 0 ? custody : null;',
      },
    ],
    needs: CHAINS,
  },
};

/** Replaces the one place where `from` stands; throws when there is none, or a second one. */
export function changed(text: string, { file, from, to }: Mutant['changes'][number]): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${file}: found ${parts.length - 1} times: ${from}`);
  return parts.join(to);
}
