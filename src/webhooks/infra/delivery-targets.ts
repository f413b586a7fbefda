import { Injectable } from '@nestjs/common';
import { hasRole, type Principal } from '../../kernel/auth/index.js';
import { Clock } from '../../kernel/clock.js';
import type { Uuid } from '../../kernel/ids.js';
import { Database } from '../../kernel/postgres/database.js';
import { endpointOf, endpointReading, secretsOf } from './endpoint-rows.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { PlatformEndpoints } from './platform-endpoints.js';

/** Where a delivery goes, as it stands at this try. */
export interface Target {
  readonly url: string;
  /** One of the platform's own services, by the configuration: never disabled, any address. */
  readonly isPlatforms: boolean;
  readonly failingSince: Date | null;
  /** Each of them signs. Throws `VaultError` where none can be read. */
  readonly secrets: () => readonly string[];
}

/**
 * Why there is nowhere to send to, and how that is told. `unconfigured`: a service of the platform's
 * that another process, or this one after its next start, may know.
 */
export const NO_TARGET = {
  removed: 'The endpoint was removed',
  disabled: 'The endpoint is disabled',
  unconfigured: 'The process was not configured to reach the service',
} as const;
export type NoTarget = keyof typeof NO_TARGET;

/** Finds where deliveries go: an endpoint of the tenant's, or of the platform's. */
@Injectable()
export class DeliveryTargets {
  constructor(
    private readonly database: Database,
    private readonly platform: PlatformEndpoints,
    private readonly secrets: EndpointSecrets,
    private readonly clock: Clock,
  ) {}

  /** May the caller send there by hand? The platform's services are its administrators' matter. */
  maySend(principal: Principal, endpointId: Uuid): boolean {
    return !this.platform.owns(endpointId) || hasRole(principal, ['platform_admin']);
  }

  async find(tenantId: Uuid, endpointId: Uuid): Promise<Target | NoTarget> {
    const own = this.platform.named(endpointId);
    if (own) {
      return { url: own.url, isPlatforms: true, failingSince: null, secrets: () => own.secrets };
    }
    if (this.platform.owns(endpointId)) return 'unconfigured';
    const [found] = await this.database.read(tenantId, [endpointReading(tenantId, endpointId)]);
    const row = found?.rows[0];
    if (!row) return 'removed';
    const { url, failingSince, disabledReason } = endpointOf(row);
    if (disabledReason !== null) return 'disabled';
    const sealed = secretsOf(row, this.clock.now());
    const secrets = () => this.secrets.open(tenantId, endpointId, sealed);
    return { url, isPlatforms: false, failingSince, secrets };
  }
}
