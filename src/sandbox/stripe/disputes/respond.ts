import { invalidRequest } from '../http/errors.js';
import { expand } from '../http/list.js';
import { operation } from '../http/operation.js';
import { boolean, metadata, unsupported } from '../http/params.js';
import { mergeMetadata } from '../metadata.js';
import { renderDispute } from '../objects/dispute.js';
import type { DisputeRecord } from '../state/records.js';
import type { World } from '../state/world.js';
import { decideLater } from './decide.js';
import { evidence, stage, verdictOn } from './evidence.js';
import { disputeOf } from './read.js';

/** Refuses evidence where the bank waits for none: submitted already, or closed. */
function requireOpen({ status }: DisputeRecord): void {
  if (status === 'needs_response' || status === 'warning_needs_response') return;
  throw invalidRequest(
    `You cannot submit evidence for this dispute because it has a status of ${status}.`,
    { param: 'evidence' },
  );
}

function submit(world: World, dispute: DisputeRecord): void {
  if (Object.keys(dispute.evidence).length === 0) {
    throw invalidRequest('There is no evidence to submit for this dispute.', { param: 'submit' });
  }
  dispute.status = dispute.status === 'needs_response' ? 'under_review' : 'warning_under_review';
  dispute.submissionCount += 1;
  dispute.pastDue = world.now() > dispute.dueBy;
  dispute.next = verdictOn(dispute);
}

/**
 * POST /v1/disputes/:id, https://docs.stripe.com/api/disputes/update. Evidence goes to the bank at
 * once unless `submit` is false, which keeps it as a draft.
 */
export const respondToDispute = operation('POST', '/v1/disputes/:dispute', {
  kind: 'dispute',
  params: { evidence, expand, intended_submission_method: unsupported, metadata, submit: boolean },
  run({ world, ...cause }, params, ids) {
    const dispute = disputeOf(world, ids['dispute']);
    const submits = params.submit ?? params.evidence !== undefined;
    const { evidence: staged, metadata: described, status } = dispute;
    const changed = { ...dispute };
    if (params.evidence !== undefined || submits) requireOpen(changed);
    if (params.evidence !== undefined) stage(changed, params.evidence);
    mergeMetadata(changed, params.metadata);
    if (submits) submit(world, changed);
    Object.assign(dispute, changed);
    world.disputes.put(dispute);
    world.emit('charge.dispute.updated', renderDispute(world, dispute), cause, {
      ...(params.evidence === undefined ? {} : { evidence: staged }),
      ...(params.metadata === undefined ? {} : { metadata: described }),
      ...(dispute.status === status ? {} : { status }),
    });
    if (submits) decideLater(world, dispute);
    return renderDispute(world, dispute);
  },
});
