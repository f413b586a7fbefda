import { assess, RULE_SET_V1, sessionFeatures } from '../../src/fraud/domain/scoring/index.js';
import { MAX_ACTIONS, type Session } from '../../src/fraud/domain/session.js';
import { Dice } from '../../src/sandbox/visitors/dice.js';
import { MOUSE } from '../../src/sandbox/visitors/humans/populations.js';
import { pointerSession } from '../../src/sandbox/visitors/humans/pointer.js';
import { QUIET } from './quiet-history.js';

const WARM_UP = 50;
const RUNS = 200;

/** Milliseconds of processor time to score the longest session that is taken: the mean of many. */
export function scoringTime(): number {
  const session = longest(new Dice(1));
  const score = () =>
    assess({ session: sessionFeatures(session, {}), history: QUIET }, RULE_SET_V1);
  for (let run = 0; run < WARM_UP; run++) score();
  const before = process.cpuUsage();
  for (let run = 0; run < RUNS; run++) score();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / RUNS;
}

/** Visits one after the other, until there are as many actions as a session may hold. */
function longest(dice: Dice): Session {
  const actions = [];
  for (let later = 0; actions.length < MAX_ACTIONS; later += 600_000) {
    const { actions: visit = [] } = pointerSession(dice, MOUSE);
    actions.push(...visit.map((action) => ({ ...action, t: Number(action.t) + later })));
  }
  return { actions: actions.slice(0, MAX_ACTIONS) };
}
