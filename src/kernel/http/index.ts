export * from './answer.js';
export * from './api-docs.js';
export * from './configure-app.js';
export * from './fields.js';
export * from './idempotency-key.js';
export * from './openapi.js';
export * from './raw-body.js';
export { NotRateLimited, RateLimit } from './rate-limits/rate-limit.js';
