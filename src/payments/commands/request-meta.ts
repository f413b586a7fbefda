import type { Principal } from '../../kernel/auth/index.js';
import type { Uuid } from '../../kernel/ids.js';

/** Who asks, when, from where, and by which key. */
export interface RequestMeta {
  readonly principal: Principal;
  readonly idempotencyKey: Uuid;
  readonly requestId: string;
  /** Of the URL, without its query. */
  readonly path: string;
  readonly correlationId: string;
  readonly ipAddress: string | undefined;
  readonly userAgent: string | undefined;
  /** What the browser says of itself: `sec-ch-ua` and its kin, by these names. */
  readonly clientHints: Readonly<Record<string, string>>;
  /** Of the waiting room (`x-access-token`). */
  readonly accessToken: string | undefined;
  readonly at: Date;
}
