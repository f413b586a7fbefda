export * from './address.js';
export * from './base58.js';
export * from './clusters.js';
export * from './solana-node.js';
export * from './web3.js';
