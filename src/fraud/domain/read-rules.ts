import { refuse, type Refusal } from '../../kernel/errors.js';
import { type RuleSet, ruleSetSchema } from './scoring/index.js';
import { MOST_COUNTED, waitOf } from './velocity.js';

const MOST_ERRORS = 20;

const schema = ruleSetSchema.superRefine(({ velocity }, context) => {
  for (const [i, { feature, allowed, windowSeconds }] of velocity.entries()) {
    const blame = (member: string, message: string) => {
      context.addIssue({ code: 'custom', path: ['velocity', i, member], message });
    };
    // Counting ends there: a higher limit would never be passed, whatever it says.
    if (allowed >= MOST_COUNTED) blame('allowed', `must be less than ${MOST_COUNTED}`);
    // The window belongs to what is counted: another one would tell buyers to wait in vain.
    const window = waitOf(feature);
    if (windowSeconds !== window) blame('windowSeconds', `must be ${window} for ${feature}`);
  }
});

/**
 * A rule set as somebody sent it, under its name. Refuses (VALIDATION_ERROR) what is none, and names
 * each fault by its path below `rules`.
 */
export function readRules(version: string, rules: object): RuleSet | Refusal {
  const read = schema.safeParse({ ...rules, version });
  if (read.success) return read.data;
  const errors = read.error.issues.slice(0, MOST_ERRORS).map(({ path, message }) => ({
    field: path[0] === 'version' ? 'version' : ['rules', ...path.map(String)].join('.'),
    message,
  }));
  return refuse('VALIDATION_ERROR', 'These are no rules.', { errors });
}
