import { Injectable } from '@nestjs/common';
import { Resealing, type Sealed, type SealedRow, Vault } from '../../kernel/crypto/index.js';
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
  constructor(
    private readonly vault: Vault,
    resealing: Resealing,
  ) {
    const context = ({ tenant_id: tenantId, id }: SealedRow) => contextOf(tenantId, id as Uuid);
    const kept = { table: 'webhook_endpoints', row: ['id'], context };
    resealing.add({ ...kept, keyId: 'secret_key_id', ciphertext: 'secret_ciphertext' });
    resealing.add({ ...kept, keyId: 'previous_key_id', ciphertext: 'previous_ciphertext' });
  }

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
