/** What the two roles may do to a table. */
interface TableRights {
  readonly app: string;
  readonly worker: string;
}

/** Tables that belong to no tenant, each with what the two roles may do to it. */
export const SHARED: Readonly<Record<string, TableRights>> = {
  event_subscriptions: { app: 'SELECT', worker: 'INSERT,SELECT,UPDATE' },
  ledger_checkpoints: { app: 'SELECT', worker: 'DELETE,INSERT,SELECT,UPDATE' },
  ledger_watermark: { app: 'SELECT', worker: 'DELETE,INSERT,SELECT,UPDATE' },
  payment_state_machine: { app: 'SELECT', worker: 'SELECT' },
  retention_runs: { app: 'SELECT', worker: 'SELECT,UPDATE' },
  schema_migrations: { app: 'SELECT', worker: 'SELECT' },
};

export const FULL = 'DELETE,INSERT,SELECT,UPDATE';
const APPEND = 'INSERT,SELECT';
export const READ = 'SELECT';

/** What the application and the worker may do to each tenant's rows. */
export const RIGHTS: Readonly<Record<string, TableRights>> = {
  alerts: { app: READ, worker: FULL },
  audit_log: { app: APPEND, worker: APPEND },
  capacity_pools: { app: FULL, worker: READ },
  capacity_shards: { app: FULL, worker: READ },
  dispute_evidence_operations: { app: FULL, worker: FULL },
  event_cancellation_payments: { app: FULL, worker: FULL },
  event_cancellations: { app: FULL, worker: FULL },
  event_inbox: { app: APPEND, worker: FULL },
  event_settings: { app: APPEND, worker: READ },
  internal_nonces: { app: APPEND, worker: FULL },
  jobs: { app: FULL, worker: FULL },
  ledger_accounts: { app: APPEND, worker: READ },
  ledger_balances: { app: READ, worker: FULL },
  ledger_entries: { app: APPEND, worker: READ },
  ledger_journals: { app: APPEND, worker: READ },
  open_items: { app: FULL, worker: FULL },
  outbox: { app: APPEND, worker: FULL },
  outbox_dlq: { app: READ, worker: FULL },
  payment_event_sequence: { app: APPEND, worker: READ },
  payment_disputes: { app: FULL, worker: READ },
  payment_idempotency: { app: FULL, worker: FULL },
  payment_intents: { app: FULL, worker: FULL },
  payment_operations: { app: FULL, worker: FULL },
  payment_orders: { app: APPEND, worker: READ },
  payment_refunds: { app: FULL, worker: FULL },
  payment_transactions: { app: FULL, worker: READ },
  provider_accounts: { app: FULL, worker: READ },
  provider_balance_transactions: { app: FULL, worker: FULL },
  provider_import_marks: { app: READ, worker: FULL },
  purchase_signals: { app: APPEND, worker: FULL },
  reconciliation_differences: { app: FULL, worker: READ },
  reconciliation_runs: { app: FULL, worker: FULL },
  saga_commands: { app: APPEND, worker: FULL },
  saga_instances: { app: FULL, worker: READ },
  subject_vault: { app: FULL, worker: FULL },
  tax_collections: { app: APPEND, worker: READ },
  tax_special_rules: { app: FULL, worker: READ },
  ticket_holds: { app: FULL, worker: READ },
  tickets: { app: FULL, worker: READ },
  venue_settings: { app: APPEND, worker: READ },
  webhook_deliveries: { app: FULL, worker: FULL },
  webhook_delivery_attempts: { app: APPEND, worker: FULL },
  webhook_endpoints: { app: FULL, worker: READ },
  webhook_inbox: { app: APPEND, worker: FULL },
  webhook_inbox_archive: { app: READ, worker: APPEND },
};

/** The rows that one purchase and what surrounds it leave behind. */
export const FILLED = [
  'audit_log',
  'capacity_pools',
  'capacity_shards',
  'event_cancellations',
  'event_settings',
  'internal_nonces',
  'ledger_accounts',
  'ledger_entries',
  'ledger_journals',
  'open_items',
  'outbox',
  'payment_disputes',
  'payment_event_sequence',
  'payment_idempotency',
  'payment_intents',
  'payment_operations',
  'payment_orders',
  'payment_refunds',
  'payment_transactions',
  'provider_accounts',
  'purchase_signals',
  'reconciliation_runs',
  'tax_collections',
  'tax_special_rules',
  'tickets',
  'venue_settings',
  'webhook_deliveries',
  'webhook_endpoints',
];
