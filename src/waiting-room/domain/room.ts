import type { Uuid } from '../../kernel/ids.js';

/** Which waiting room: one an event. */
export interface RoomKey {
  readonly tenantId: Uuid;
  readonly eventId: Uuid;
}

/**
 * `scheduled`: places are taken and will be drawn. `drawing`: who takes part is fixed, the order is
 * being written. `open`: people are admitted. `closed`: nobody joins and nobody is admitted; who is
 * in stays in.
 */
export type RoomStatus = 'scheduled' | 'drawing' | 'open' | 'closed';

/** What an administrator decides about a room. */
export interface RoomTerms {
  readonly opensAt: Date;
  /** How many may hold access at once. */
  readonly capacity: number;
  readonly ratePerMinute: number;
}

/** A room as everybody may know it. */
export interface Room extends RoomKey, RoomTerms {
  readonly status: RoomStatus;
  readonly openedAt: Date | null;
  /** SHA-256 of the seed, hex; known before anybody joins. */
  readonly seedCommitment: string;
  /** Hex; null until the draw is over. */
  readonly seed: string | null;
  /** How many were drawn, and the Merkle root (hex) of their places in order; null before the draw. */
  readonly draw: { readonly size: number; readonly root: string } | null;
}

/**
 * `waiting` and `admitted` places are held; the others are over: who comes back gets a new one at the
 * end. `revoked`: an administrator took it.
 */
export type PlaceStatus = 'waiting' | 'admitted' | 'purchased' | 'abandoned' | 'left' | 'revoked';

/** Silence for so long gives up a place in the open queue, or a slot of who was admitted. */
export const LEASE_SECONDS = { waiting: 60, admitted: 120 } as const;

/** How often a page should say that it is still there. */
export const HEARTBEAT_SECONDS = 20;

/** How long an access token lives, and so the longest that a slot is held without a purchase. */
export const ACCESS_SECONDS = 600;
