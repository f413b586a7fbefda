export { limitRequests } from './limit-requests.js';
export { NotRateLimited, RateLimit } from './rate-limit.js';
export { RateLimitsModule } from './rate-limits.module.js';
