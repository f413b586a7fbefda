import { newId } from '../kernel/ids.js';

/** Everyone in the sandbox whom scripts and the demo know by name. */
export const USER_NAMES = ['buyer', 'buyer2', 'seller', 'venueOwner', 'admin', 'stranger'] as const;

export type UserName = (typeof USER_NAMES)[number];

/** The ids of a world's tenants, users, venues and events: made once, then kept. */
export interface Cast {
  readonly tenantId: string;
  readonly otherTenantId: string;
  /** Whom the shared provider account belongs to. */
  readonly platformTenantId: string;
  /** All belong to the main tenant but the stranger. */
  readonly users: Readonly<Record<UserName, string>>;
  readonly venues: {
    /** In Nashville, Tennessee. */
    readonly nashville: string;
    /** In New York, New York. */
    readonly newYork: string;
    /** The other tenant's, in Los Angeles, California. */
    readonly elsewhere: string;
  };
  readonly events: {
    /** In Nashville, without seats. */
    readonly generalAdmission: string;
    /** In Nashville, every ticket a seat. */
    readonly seated: string;
    /** In Nashville, behind the waiting room. */
    readonly highDemand: string;
    readonly newYork: string;
    /** The other tenant's. */
    readonly elsewhere: string;
  };
}

/** A cast nobody has met yet. */
export function newCast(): Cast {
  return {
    tenantId: newId(),
    otherTenantId: newId(),
    platformTenantId: newId(),
    users: {
      buyer: newId(),
      buyer2: newId(),
      seller: newId(),
      venueOwner: newId(),
      admin: newId(),
      stranger: newId(),
    },
    venues: { nashville: newId(), newYork: newId(), elsewhere: newId() },
    events: {
      generalAdmission: newId(),
      seated: newId(),
      highDemand: newId(),
      newYork: newId(),
      elsewhere: newId(),
    },
  };
}
