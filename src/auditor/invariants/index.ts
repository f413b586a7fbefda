import { ACCESS } from './access.js';
import { BALANCES } from './balances.js';
import { BOOKINGS } from './bookings.js';
import { CAPACITY } from './capacity.js';
import { CHARGES } from './charges.js';
import { DISPUTES } from './disputes.js';
import { HISTORY } from './history.js';
import { JOURNALS } from './journals.js';
import { KEYS } from './keys.js';
import { LIMITS } from './limits.js';
import { MESSAGES } from './messages.js';
import { OPERATIONS } from './operations.js';
import { PRICES } from './prices.js';
import { REFUNDS } from './refunds.js';
import type { Rule } from './rule.js';
import { SALES } from './sales.js';
import { SECRETS } from './secrets.js';
import { TENANTS } from './tenants.js';
import { TOKENS } from './tokens.js';

/** Everything that must hold, by its number. */
export const INVARIANTS: readonly Rule[] = [
  ...JOURNALS,
  ...CHARGES,
  ...REFUNDS,
  ...DISPUTES,
  ...SALES,
  ...BALANCES,
  ...MESSAGES,
  ...CAPACITY,
  ...LIMITS,
  ...ACCESS,
  ...TENANTS,
  ...OPERATIONS,
  ...KEYS,
  ...SECRETS,
  ...HISTORY,
  ...PRICES,
  ...BOOKINGS,
  ...TOKENS,
];
