import type { Features } from './features.js';
import type { Bands, Indicator, RuleSet } from './rule-set.js';
import type { Cause, Decision, Exceeded, Suspicion, Verdict } from './verdict.js';

const NO_SUSPICION: Suspicion = { score: 0, indicators: [] };

/**
 * The verdict over a purchase. Only sums, products, quotients and comparisons of the features are
 * taken, which IEEE 754 rounds alike everywhere: the same features and rules give the same verdict,
 * bit by bit, on any machine. Never throws.
 *
 * - On a block list: decline, whatever else is known.
 * - A suspicion above its `decline` band: decline; `bot` is named before `fraud`.
 * - A velocity limit passed: decline. It protects money and seats, so it binds allow-listed buyers
 *   too, whom neither suspicion touches.
 * - Otherwise the higher band of the two suspicions: review, challenge or approve.
 *
 * A missing session raises no suspicion.
 */
export function assess({ session, history }: Features, rules: RuleSet): Verdict {
  const bot = session ? suspicion(session, rules.bot.indicators) : NO_SUSPICION;
  const scalper = suspicion(history, rules.scalper.indicators);
  const exceeded = exceededLimits(history, rules);
  const { blocked, allowed } = history;
  const decisions = allowed
    ? []
    : [band(bot.score, rules.bot.bands), band(scalper.score, rules.scalper.bands)];
  const cause = causeOf(blocked, decisions, exceeded);
  return {
    decision: cause ? 'decline' : heaviest(decisions),
    score: blocked.length > 0 ? 1 : Math.max(bot.score, scalper.score),
    bot,
    scalper,
    velocity: { exceeded },
    reasons: [
      ...blocked.map((kind) => `list:${kind}`),
      ...bot.indicators.map((name) => `bot:${name}`),
      ...scalper.indicators.map((name) => `scalper:${name}`),
      ...exceeded.map(({ limit }) => `velocity:${limit}`),
      ...(allowed ? ['list:allowed'] : []),
    ],
    cause,
    ruleSet: rules.version,
  };
}

function causeOf(
  blocked: readonly string[],
  [bot, scalper]: readonly Decision[],
  exceeded: readonly Exceeded[],
): Cause | null {
  if (blocked.length > 0) return 'list';
  if (bot === 'decline') return 'bot';
  if (scalper === 'decline') return 'fraud';
  return exceeded.length > 0 ? 'velocity' : null;
}

function band(score: number, bands: Bands): Decision {
  if (score > bands.decline) return 'decline';
  if (score > bands.review) return 'review';
  return score > bands.challenge ? 'challenge' : 'approve';
}

const WEIGHTIEST_FIRST: readonly Decision[] = ['decline', 'review', 'challenge'];

function heaviest(decisions: readonly Decision[]): Decision {
  return WEIGHTIEST_FIRST.find((decision) => decisions.includes(decision)) ?? 'approve';
}

/** Features by name; one that was not yet known when they were stored is missing. */
type Named = Readonly<Partial<Record<string, unknown>>>;

/** Independent evidence: what remains of innocence is the product of what each sign leaves of it. */
function suspicion(features: Named, indicators: readonly Indicator[]): Suspicion {
  const found = indicators
    .map((indicator) => ({
      name: indicator.name,
      says: indicator.weight * strength(numberOf(features[indicator.feature]), indicator),
    }))
    .filter(({ says }) => says > 0);
  const innocence = found.reduce((rest, { says }) => rest * (1 - says), 1);
  return {
    score: Math.round((1 - innocence) * 10_000) / 10_000,
    indicators: found.sort((a, b) => b.says - a.says).map(({ name }) => name),
  };
}

function strength(value: number | null, { from, to }: Indicator): number {
  if (value === null) return 0;
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

function exceededLimits(history: Named, rules: RuleSet): Exceeded[] {
  return rules.velocity.flatMap(({ name, feature, allowed, windowSeconds }) => {
    const found = numberOf(history[feature]) ?? 0;
    if (found <= allowed) return [];
    return [{ limit: name, allowed, found, retryAfterSeconds: windowSeconds }];
  });
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
