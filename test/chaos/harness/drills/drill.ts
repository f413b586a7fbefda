import { Belongings } from '../../../support/belongings.js';
import { Customers } from '../customers.js';
import { Fleet } from '../fleet.js';
import { type Judgement, judge } from '../judgement.js';
import { buildStage, type Stage, type StageWish } from '../stage.js';

/** The application under load on its stage, healthy so far. */
export interface Scene {
  readonly stage: Stage;
  readonly fleet: Fleet;
  readonly customers: Customers;
  /** Ends the load, and resolves when every customer has gone home. */
  readonly closeShop: () => Promise<void>;
}

/** What was seen, by name, and what of it must not be. */
export interface Findings {
  readonly facts: Readonly<Record<string, number | string>>;
  readonly violations: readonly string[];
}

/** One fault of a kind that needs more than a kill, with what must hold during and after it. */
export interface Drill {
  readonly what: string;
  /** Why it cannot be held on this machine, if it cannot. */
  readonly impossible?: () => string | undefined;
  readonly stage?: () => StageWish;
  /** Added to every process's environment at first. */
  readonly env?: Readonly<Record<string, string>>;
  readonly act: (scene: Scene) => Promise<Findings>;
  /** How it is judged afterwards; as a storm is, unless told otherwise. */
  readonly judge?: (scene: Scene) => Promise<Judgement>;
}

const PROGRAM = 'dist/src/main.js';
const SEED = 1;
const AT_ONCE = 6;

/** Holds a drill in a world of its own. */
export function hold(drill: Drill): Promise<Findings> {
  const belongings = new Belongings();
  return belongings.during(async () => {
    const stage = await buildStage(belongings, drill.stage?.());
    const customers = new Customers(stage.world, stage.door.url, SEED);
    const fleet = await belongings.add(
      new Fleet({
        ...stage,
        program: PROGRAM,
        deedsDone: () => customers.done,
        onDeath: () => undefined,
        onLog: stage.log,
      }),
      (running) => running.stop(),
    );
    await fleet.start(drill.env);
    const over = new AbortController();
    const shopping = customers.shop(AT_ONCE, over.signal);
    const closeShop = async () => {
      over.abort();
      await shopping;
    };
    const scene: Scene = { stage, fleet, customers, closeShop };
    const found = await drill.act(scene);
    await closeShop();
    const { violations, quietAfterMs } = await (drill.judge ?? judgeStorm)(scene);
    return {
      facts: { ...found.facts, deeds: customers.done, quietAfterMs },
      violations: [...found.violations, ...violations],
    };
  });
}

const judgeStorm = ({ stage, customers }: Scene) => judge(stage.world, customers);
