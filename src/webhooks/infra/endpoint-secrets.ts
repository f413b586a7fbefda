import { Injectable } from '@nestjs/common';
import { type Sealed, Vault } from '../../kernel/crypto/index.js';
import type { Uuid } from '../../kernel/ids.js';

/** The secrets of an endpoint as they lie in the database. */
export interface SealedSecrets {
  readonly current: Sealed;
  /** Of before the last rotation, while it still signs. */
  readonly previous: Sealed | null;
}

/** Seals what an endpoint's messages are signed with: a dump of the database signs nothing. */
@Injectable()
export class EndpointSecrets {
  constructor(private readonly vault: Vault) {}

  seal(tenantId: Uuid, endpointId: Uuid, secret: string): Sealed {
    return this.vault.encrypt(secret, contextOf(tenantId, endpointId));
  }

  /** The newest first. Throws `VaultError` where a key has gone. */
  open(tenantId: Uuid, endpointId: Uuid, { current, previous }: SealedSecrets): string[] {
    const context = contextOf(tenantId, endpointId);
    return [current, ...(previous ? [previous] : [])].map((sealed) =>
      this.vault.decrypt(sealed, context),
    );
  }
}

function contextOf(tenantId: Uuid, endpointId: Uuid): string {
  // However a caller writes the ids: rows answer them in small letters.
  return `webhook_endpoint:${tenantId}:${endpointId}`.toLowerCase();
}
