export { RETENTION, Retention, type Retained } from './retention.js';
export { RetentionModule } from './retention.module.js';
export { retention, type RetentionRule } from './retention-rule.js';
