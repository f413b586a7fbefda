export * from './address.js';
export type { EvmBlock, EvmReceipt } from './answers.js';
export * from './ethers.js';
export * from './fees.js';
export * from './networks.js';
export * from './node-refusal.js';
export * from './polygon-node.js';
