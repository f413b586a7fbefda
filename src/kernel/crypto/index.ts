export * from './constant-time.js';
export * from './crypto.module.js';
export * from './resealing.js';
export * from './signed-token.js';
export * from './subject-vault.js';
export * from './vault.js';
