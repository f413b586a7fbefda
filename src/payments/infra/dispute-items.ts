import type { Uuid } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { closeItem, openItem } from '../../kernel/open-items/index.js';
import type { Statement } from '../../kernel/postgres/sql.js';
import { awaitsEvidence, type Dispute, type DisputeCase } from '../domain/dispute-case.js';
import type { DisputeEvent } from '../domain/dispute-case-events.js';
import { follows } from '../domain/dispute-case-states.js';

const EVIDENCE_DUE = 'dispute_evidence_due';
const TURNED = 'dispute_turned';

/**
 * What people have to do about a dispute after it changed: hand in evidence while the bank waits for
 * it, and look at a state that cannot follow the one before, for its money was not moved.
 */
export function disputeItems(
  { tenantId, id }: { readonly tenantId: Uuid; readonly id: Uuid },
  before: Dispute,
  after: DisputeCase,
  events: readonly DisputeEvent[],
): Statement[] {
  return [...due(tenantId, id, before, after), ...events.flatMap(turned(tenantId, id, after))];
}

function due(tenantId: Uuid, id: Uuid, before: Dispute, after: DisputeCase): Statement[] {
  const was = awaitsEvidence(before);
  if (!awaitsEvidence(after)) {
    const how = after.submission ? 'The evidence was submitted' : `The dispute is ${after.status}`;
    return was ? [closeItem(tenantId, EVIDENCE_DUE, id, how)] : [];
  }
  if (was && before.status === after.status && before.evidenceDueBy === after.evidenceDueBy) {
    return [];
  }
  const by = after.evidenceDueBy ?? 'no date that the provider told';
  return [item(EVIDENCE_DUE, tenantId, id, after, `Evidence has to be in by ${by}`)];
}

function turned(tenantId: Uuid, id: Uuid, after: DisputeCase) {
  return (event: DisputeEvent): Statement[] => {
    if (event.type !== 'dispute.status_changed' || follows(event.from, event.to)) return [];
    const cause = `The dispute went from ${event.from} to ${event.to}; no money was moved for it`;
    return [item(TURNED, tenantId, id, after, cause)];
  };
}

function item(
  kind: string,
  tenantId: Uuid,
  subjectId: Uuid,
  { paymentId, amountCents, currency, evidenceDueBy, status }: DisputeCase,
  cause: string,
): Statement {
  return openItem(tenantId, {
    kind,
    subjectType: 'dispute',
    subjectId,
    cause,
    atRisk: { cents: toCents(amountCents), currency },
    details: { paymentId, status, evidenceDueBy },
  });
}
