import { PolygonSandbox, type PolygonSandboxOptions } from './polygon-sandbox.js';

export { DevSigner } from './dev-signer.js';
export type { PolygonFaultPlan } from './faults.js';
export type { MintedToken } from './minted-tokens.js';
export type { PolygonSandbox, PolygonSandboxOptions } from './polygon-sandbox.js';

/**
 * Starts anvil with TicketNFT on it, and in front of it a JSON-RPC that takes faults on demand. The
 * chain is kept in a folder; listens on loopback only.
 */
export const startPolygon = (options: PolygonSandboxOptions): Promise<PolygonSandbox> =>
  PolygonSandbox.start(options);
