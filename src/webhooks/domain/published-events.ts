import { z } from 'zod';
import type { EventType } from '../../kernel/outbox/index.js';

export const TEST_EVENT = 'webhook.test';

/** What webhooks tell of themselves. */
export const WEBHOOK_EVENTS: readonly EventType[] = [
  {
    type: TEST_EVENT,
    version: 1,
    description: 'An administrator tries an endpoint out. Goes to that endpoint alone.',
    payload: z.strictObject({ endpointId: z.guid() }),
    example: { endpointId: '01945a3c-2b7e-7c11-9a44-5d1f0c6a7b61' },
  },
];
