import { type Role, ROLES } from '../../src/kernel/auth/principal.js';

/**
 * What a role may do on a route. `all`: anything of its tenant; `own`: only what is its own, anything
 * else answers 404 or is left out of a list; `no`: 403.
 */
export type Right = 'all' | 'own' | 'no';

/** Who may call a route: everyone without a token, the platform's services, or users by role. */
export type Access = 'everyone' | 'services' | Readonly<Record<Role, Right>>;

const everyRole = (right: Right): Record<Role, Right> =>
  Object.fromEntries(ROLES.map((role) => [role, right])) as Record<Role, Right>;

const ADMINS = { admin: 'all', platform_admin: 'all' } as const;

const ANY_USER = everyRole('all');
const OWNER_ALONE = everyRole('own');
const OWNERS_AND_ADMINS = { ...everyRole('own'), ...ADMINS };
const ADMINS_ALONE = { ...everyRole('no'), ...ADMINS };
const OPERATORS = { ...everyRole('no'), platform_admin: 'all' } as const;
const REVIEWERS = { ...ADMINS_ALONE, reviewer: 'all' } as const;
const VENUE_OWNERS = { ...ADMINS_ALONE, venue_owner: 'own' } as const;
const VENUE_STAFF = { ...VENUE_OWNERS, venue_manager: 'own' } as const;

/** Every documented route. The README prints it, the crawl proves it. */
export const ROUTE_ROLES: Readonly<Record<string, Access>> = {
  'POST /api/v1/payments/process': ANY_USER,
  'POST /api/v1/payments/calculate-fees': ANY_USER,
  'GET /api/v1/payments/transaction/{transactionId}': OWNERS_AND_ADMINS,
  'GET /api/v1/payments/transaction/{transactionId}/events': OWNERS_AND_ADMINS,
  'GET /api/v1/payments/transaction/{transactionId}/proof': OWNERS_AND_ADMINS,
  'POST /api/v1/payments/transaction/{transactionId}/confirm': OWNERS_AND_ADMINS,
  'POST /api/v1/payments/transaction/{transactionId}/refund': OWNERS_AND_ADMINS,
  'POST /api/v1/payments/transaction/{transactionId}/capture': VENUE_STAFF,
  'POST /api/v1/payments/transaction/{transactionId}/cancel': OWNERS_AND_ADMINS,
  'POST /api/payments/charge': OWNER_ALONE,
  'GET /api/payments': OWNERS_AND_ADMINS,
  'GET /api/payments/{paymentId}': OWNERS_AND_ADMINS,
  'GET /api/payments/stats/overview': OWNERS_AND_ADMINS,
  'POST /api/payments/{paymentId}/refund': OWNERS_AND_ADMINS,
  'POST /api/v1/events/{eventId}/cancel': VENUE_STAFF,
  'GET /api/v1/events/{eventId}/cancel': VENUE_STAFF,
  'GET /api/v1/disputes': VENUE_STAFF,
  'GET /api/v1/disputes/{disputeId}': VENUE_STAFF,
  'POST /api/v1/disputes/{disputeId}/evidence': VENUE_STAFF,
  'GET /api/v1/venues/{venueId}/balance': VENUE_STAFF,
  'GET /api/v1/venues/{venueId}/balance/explain': VENUE_STAFF,
  'GET /api/v1/settings': ADMINS_ALONE,
  'PUT /api/v1/settings': ADMINS_ALONE,
  'GET /api/v1/venues/{venueId}/settings': VENUE_STAFF,
  'PUT /api/v1/venues/{venueId}/settings': VENUE_OWNERS,
  'GET /api/v1/events/{eventId}/settings': VENUE_STAFF,
  'PUT /api/v1/events/{eventId}/settings': VENUE_OWNERS,
  'POST /api/v1/webhooks/endpoints': ADMINS_ALONE,
  'GET /api/v1/webhooks/endpoints': ADMINS_ALONE,
  'GET /api/v1/webhooks/endpoints/{id}': ADMINS_ALONE,
  'PATCH /api/v1/webhooks/endpoints/{id}': ADMINS_ALONE,
  'DELETE /api/v1/webhooks/endpoints/{id}': ADMINS_ALONE,
  'POST /api/v1/webhooks/endpoints/{id}/rotate-secret': ADMINS_ALONE,
  'POST /api/v1/webhooks/endpoints/{id}/test': ADMINS_ALONE,
  'POST /api/v1/webhooks/endpoints/{id}/redeliver': ADMINS_ALONE,
  'GET /api/v1/webhooks/deliveries': ADMINS_ALONE,
  'GET /api/v1/webhooks/deliveries/{id}': ADMINS_ALONE,
  'POST /api/v1/webhooks/deliveries/{id}/redeliver': ADMINS_ALONE,
  'GET /api/v1/waiting-room/{eventId}': ANY_USER,
  'GET /api/v1/waiting-room/{eventId}/draw': ANY_USER,
  'POST /api/v1/waiting-room/{eventId}/join': ANY_USER,
  'GET /api/v1/waiting-room/{eventId}/status': OWNER_ALONE,
  'POST /api/v1/waiting-room/{eventId}/heartbeat': OWNER_ALONE,
  'GET /api/v1/waiting-room/{eventId}/proof': OWNER_ALONE,
  'DELETE /api/v1/waiting-room/{eventId}': OWNER_ALONE,
  'PUT /admin/waiting-room/{eventId}': ADMINS_ALONE,
  'GET /admin/waiting-room/{eventId}': ADMINS_ALONE,
  'POST /admin/waiting-room/{eventId}/open': ADMINS_ALONE,
  'POST /admin/waiting-room/{eventId}/close': ADMINS_ALONE,
  'DELETE /admin/waiting-room/{eventId}/access/{queueId}': ADMINS_ALONE,
  'POST /api/v1/nft/tickets/{ticketId}/claim': OWNER_ALONE,
  'GET /admin/nft/mints': ADMINS_ALONE,
  'GET /admin/nft/mints/{id}': ADMINS_ALONE,
  'POST /admin/nft/mints/{id}/retry': ADMINS_ALONE,
  'GET /admin/stats': ADMINS_ALONE,
  'GET /admin/tax/special-rules': ADMINS_ALONE,
  'POST /admin/tax/special-rules': ADMINS_ALONE,
  'GET /admin/audit': ADMINS_ALONE,
  'GET /admin/queues': OPERATORS,
  'GET /admin/open-items': ADMINS_ALONE,
  'POST /admin/open-items/{id}/resolve': ADMINS_ALONE,
  'GET /admin/dead-letters': ADMINS_ALONE,
  'POST /admin/dead-letters/redrive': ADMINS_ALONE,
  'POST /admin/dead-letters/{eventId}/redrive': ADMINS_ALONE,
  'POST /admin/reconciliation/runs': ADMINS_ALONE,
  'GET /admin/reconciliation/runs': ADMINS_ALONE,
  'GET /admin/reconciliation/runs/{id}': ADMINS_ALONE,
  'GET /admin/fraud/reviews': REVIEWERS,
  'POST /admin/fraud/reviews/{paymentId}/approve': REVIEWERS,
  'POST /admin/fraud/reviews/{paymentId}/reject': REVIEWERS,
  'GET /admin/fraud/lists': REVIEWERS,
  'POST /admin/fraud/lists': ADMINS_ALONE,
  'DELETE /admin/fraud/lists/{id}': ADMINS_ALONE,
  'GET /admin/fraud/known-scalpers': REVIEWERS,
  'POST /admin/fraud/known-scalpers': ADMINS_ALONE,
  'DELETE /admin/fraud/known-scalpers/{id}': ADMINS_ALONE,
  'GET /admin/fraud/rule-sets': REVIEWERS,
  'POST /admin/fraud/rule-sets': ADMINS_ALONE,
  'POST /admin/fraud/backtest': ADMINS_ALONE,
  'GET /admin/fraud/decisions': REVIEWERS,
  'GET /admin/fraud/decisions/{id}': REVIEWERS,
  'POST /admin/fraud/decisions/{id}/replay': REVIEWERS,
  'GET /admin/provider-accounts': OPERATORS,
  'POST /admin/provider-accounts': OPERATORS,
  'POST /admin/provider-accounts/{id}/rotate-secret': OPERATORS,
  'DELETE /admin/provider-accounts/{id}': OPERATORS,
  'GET /admin/rate-limits': OPERATORS,
  'PUT /admin/rate-limits': OPERATORS,
  'GET /metrics': OPERATORS,
  'POST /internal/calculate-tax': 'services',
  'POST /internal/payment-complete': 'services',
  'POST /webhooks/{provider}': 'everyone',
  'GET /events': 'everyone',
  'GET /events/catalogue': 'everyone',
  'GET /nft/metadata/{tokenId}': 'everyone',
  'GET /payments/return': 'everyone',
  'GET /health': 'everyone',
  'GET /health/live': 'everyone',
  'GET /health/ready': 'everyone',
  'GET /health/db': 'everyone',
  'GET /info': 'everyone',
};

/** Lists answer 200 to everyone they are open to, with what is the caller's own. */
export const LISTS: readonly string[] = [
  'GET /api/payments',
  'GET /api/payments/stats/overview',
  'GET /api/v1/disputes',
  'GET /api/v1/settings',
  'PUT /api/v1/settings',
  'GET /api/v1/webhooks/endpoints',
  'POST /api/v1/webhooks/endpoints',
  'GET /api/v1/webhooks/deliveries',
];

const CELL: Readonly<Record<Right, string>> = { all: 'yes', own: 'own', no: '–' };

/** The table as the README prints it, between its `routes` markers. */
export function routesAsMarkdown(): string {
  const header = ['Route', 'no token', 'service', ...ROLES];
  const rows = Object.entries(ROUTE_ROLES).map(([route, access]) => [
    `\`${route}\``,
    ...cells(access),
  ]);
  const table = [header.map((name) => (name.includes('_') ? `\`${name}\`` : name)), ...rows];
  const widths = header.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const line = (columns: readonly string[]) =>
    `| ${columns.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...others] = table;
  return [
    line(first),
    line(widths.map((width) => '-'.repeat(width))),
    ...others.map(line),
    '',
    '`yes`: anything of the caller’s tenant. `own`: the payments they made, the orders they placed,',
    'the venues they act for (and what was bought there); anything else answers 404 or is left out',
    'of a list. `–`: refused, 401 without a valid token or signature, else 403. What belongs to',
    'another tenant answers 404 to everyone; where a route takes a `tenantId`, that names the tenant',
    'instead of the token.',
  ].join('\n');
}

function cells(access: Access): string[] {
  if (access === 'everyone') return ['yes', 'yes', ...ROLES.map(() => 'yes')];
  if (access === 'services') return ['–', 'yes', ...ROLES.map(() => '–')];
  return ['–', '–', ...ROLES.map((role) => CELL[access[role]])];
}
