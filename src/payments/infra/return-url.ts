import type { Config } from '../../kernel/config/index.js';

/** Where the provider sends the buyer's browser back to after an action such as 3-D Secure. */
export function returnUrl(config: Config): string {
  return `${config.http.publicBaseUrl}/payments/return`;
}
