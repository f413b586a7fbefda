import { Tenancy1763000000000 } from './1763000000000-tenancy.js';
import { EventStore1763000100000 } from './1763000100000-event-store.js';
import { Security1763000150000 } from './1763000150000-security.js';
import { Ledger1763000200000 } from './1763000200000-ledger.js';
import { Compliance1763000300000 } from './1763000300000-compliance.js';
import { Venues1763000350000 } from './1763000350000-venues.js';
import { Outbox1763000400000 } from './1763000400000-outbox.js';
import { WebhookInbox1763000500000 } from './1763000500000-webhook-inbox.js';
import { FraudSignals1763000600000 } from './1763000600000-fraud-signals.js';
import { Payments1763000700000 } from './1763000700000-payments.js';
import { Tickets1763000800000 } from './1763000800000-tickets.js';
import { Orders1763000900000 } from './1763000900000-orders.js';
import { RefundsAndDisputes1764000000000 } from './1764000000000-refunds-and-disputes.js';
import { AuditLog1764000100000 } from './1764000100000-audit-log.js';
import { OpenItems1764000200000 } from './1764000200000-open-items.js';
import { Retention1764000300000 } from './1764000300000-retention.js';
import { Reconciliation1764000400000 } from './1764000400000-reconciliation.js';
import { EventCancellations1764000500000 } from './1764000500000-event-cancellations.js';
import { DefinerSearchPath1764000600000 } from './1764000600000-definer-search-path.js';
import { Jobs1765000000000 } from './1765000000000-jobs.js';
import { Traceparents1765000010000 } from './1765000010000-traceparents.js';
import { OutboxForwarding1765000050000 } from './1765000050000-outbox-forwarding.js';
import { NotBefore1765000060000 } from './1765000060000-not-before.js';
import { EvidenceOperations1765000070000 } from './1765000070000-evidence-operations.js';
import { DrawOwnEntries1765000080000 } from './1765000080000-draw-own-entries.js';
import { OutboundWebhooks1765000100000 } from './1765000100000-outbound-webhooks.js';
import { Alerts1765000200000 } from './1765000200000-alerts.js';
import { ProviderAccounts1765000300000 } from './1765000300000-provider-accounts.js';
import { RetentionRuns1765000310000 } from './1765000310000-retention-runs.js';
import { EventSubscriptions1765000330000 } from './1765000330000-event-subscriptions.js';
import { WaitingRoom1765000340000 } from './1765000340000-waiting-room.js';
import { PurchaseLimits1765000350000 } from './1765000350000-purchase-limits.js';
import { TenantSettings1765000351000 } from './1765000351000-tenant-settings.js';
import { Fraud1765000360000 } from './1765000360000-fraud.js';
import { RateLimits1765000370000 } from './1765000370000-rate-limits.js';
import { Minting1766000000000 } from './1766000000000-minting.js';

/** Every migration in the order it runs: an explicit list is the same in dist, tests and tools. */
export const migrations = [
  Tenancy1763000000000,
  EventStore1763000100000,
  Security1763000150000,
  Ledger1763000200000,
  Compliance1763000300000,
  Venues1763000350000,
  Outbox1763000400000,
  WebhookInbox1763000500000,
  FraudSignals1763000600000,
  Payments1763000700000,
  Tickets1763000800000,
  Orders1763000900000,
  RefundsAndDisputes1764000000000,
  AuditLog1764000100000,
  OpenItems1764000200000,
  Retention1764000300000,
  Reconciliation1764000400000,
  EventCancellations1764000500000,
  DefinerSearchPath1764000600000,
  Jobs1765000000000,
  Traceparents1765000010000,
  OutboxForwarding1765000050000,
  NotBefore1765000060000,
  EvidenceOperations1765000070000,
  DrawOwnEntries1765000080000,
  OutboundWebhooks1765000100000,
  Alerts1765000200000,
  ProviderAccounts1765000300000,
  RetentionRuns1765000310000,
  EventSubscriptions1765000330000,
  WaitingRoom1765000340000,
  PurchaseLimits1765000350000,
  TenantSettings1765000351000,
  Fraud1765000360000,
  RateLimits1765000370000,
  Minting1766000000000,
];
