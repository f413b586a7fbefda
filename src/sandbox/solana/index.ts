import { SolanaSandbox, type SolanaSandboxOptions } from './solana-sandbox.js';

export { loadLitesvm } from './litesvm.js';
export type { SolanaFaultPlan } from './faults.js';
export type { SolanaSandbox, SolanaSandboxOptions } from './solana-sandbox.js';
export type { SolanaToken } from './tokens.js';

/**
 * Starts a Solana chain of one node: LiteSVM behind the JSON-RPC that web3.js speaks, with faults on
 * demand. Listens on loopback only. Rejects on platforms for which LiteSVM is not installed.
 */
export const startSolana = (options: SolanaSandboxOptions): Promise<SolanaSandbox> =>
  SolanaSandbox.start(options);
