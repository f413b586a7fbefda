export { assess } from './assess.js';
export type { Features, HistoryFeatures } from './features.js';
export { parseRuleSet, type RuleSet, ruleSetSchema } from './rule-set.js';
export { RULE_SET_V1 } from './rule-set-v1.js';
export { type Client, sessionFeatures, type SessionFeatures } from './session-features.js';
export type { Cause, Decision, Exceeded, Suspicion, Verdict } from './verdict.js';
