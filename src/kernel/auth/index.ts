export * from './access.js';
export * from './auth.module.js';
export * from './internal-signature.js';
export * from './nonce-store.js';
export * from './principal.js';
export * from './token-verifier.js';
