import type { Finding } from '../../src/auditor/audit.js';
import type { ProviderRecord } from '../../src/auditor/provider/provider-record.js';
import { aimsOf, damaged, LIST_DAMAGES, type ListDamage } from './auditor-random-lists.js';
import { type Aim, ROW_DAMAGES, type RowDamage } from './auditor-random-rows.js';
import { AuditedWorld } from './auditor-world.js';
import { Dice, FOR_THE_AUDITOR, SEED } from './random-damages.js';

jest.setTimeout(Math.max(300_000, FOR_THE_AUDITOR * 2_000));

/** So many at once, each of another payment's, that none hides another. */
const AT_ONCE = 5;
const MORE_PAYMENTS = 12;

let world: AuditedWorld;
let record: ProviderRecord;
let payments: readonly string[];

beforeAll(async () => {
  world = await AuditedWorld.open(MORE_PAYMENTS);
  record = world.record();
  const rows = await world.rows('SELECT id FROM payment_transactions');
  payments = rows.map(({ id }) => String(id));
});
afterAll(() => world.close());

/** What is damaged like this has got past every constraint too. */
const WITHOUT_CHECKS = `DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT conname FROM pg_constraint
    WHERE conrelid = 'payment_transactions'::regclass AND contype = 'c'
  LOOP EXECUTE format('ALTER TABLE payment_transactions DROP CONSTRAINT %I', name); END LOOP;
END $$`;

type Kind = RowDamage | ListDamage;
const KINDS: readonly Kind[] = [...ROW_DAMAGES, ...LIST_DAMAGES];

async function aimsAt(kind: Kind): Promise<Aim[]> {
  if ('list' in kind) return aimsOf(kind, record);
  const rows = await world.rows(`SELECT * FROM (${kind.aims}) t ORDER BY 1, 2`);
  return rows.map(({ payment, id, kind: sort }) => ({
    paymentId: String(payment),
    id: String(id),
    ...(sort !== undefined && { kind: sort as string }),
  }));
}

interface Inflicted {
  readonly kind: Kind;
  readonly aim: Aim;
  readonly by: number;
}

/** Draws damages of one ledger, and of what the provider lists, each of another payment's. */
function drawn(dice: Dice, aims: ReadonlyMap<Kind, readonly Aim[]>, count: number): Inflicted[] {
  const chosen: Inflicted[] = [];
  while (chosen.length < count) {
    const kind = dice.draw([...KINDS]);
    const free = (aims.get(kind) ?? []).filter(({ paymentId }) =>
      chosen.every(({ aim }) => aim.paymentId !== paymentId),
    );
    if (free.length === 0) continue;
    chosen.push({ kind, aim: dice.draw(free), by: 1 + dice.below(400) });
  }
  return chosen;
}

async function auditOf(inflicted: readonly Inflicted[]): Promise<Finding[]> {
  const statements = [WITHOUT_CHECKS];
  let told = record;
  for (const { kind, aim, by } of inflicted) {
    if ('list' in kind) told = damaged(told, kind, aim, by);
    else statements.push(kind.statement(aim, by));
  }
  await world.damage(statements.join(';\n'));
  return world.findings(told);
}

/** Was the damaged thing called by its name, under the rule that is broken? */
function isNamed({ kind, aim }: Inflicted, findings: readonly Finding[]): boolean {
  const rule = typeof kind.rule === 'string' ? kind.rule : kind.rule(aim);
  return findings.some(
    (found) =>
      `${found.invariant} ${found.rule}` === rule &&
      found.violations.some((violation) => violation.includes(aim.id)),
  );
}

it(`every one of ${FOR_THE_AUDITOR} random damages is named, and nobody else is accused (seed ${SEED})`, async () => {
  const aims = new Map<Kind, readonly Aim[]>();
  for (const kind of KINDS) aims.set(kind, await aimsAt(kind));
  const without = KINDS.filter((kind) => aims.get(kind)?.length === 0).map(({ name }) => name);
  expect(without).toEqual([]);
  const dice = new Dice(SEED);
  const met = new Set<string>();
  for (let left = FOR_THE_AUDITOR; left > 0; left -= AT_ONCE) {
    const inflicted = drawn(dice, aims, Math.min(left, AT_ONCE));
    const findings = await auditOf(inflicted);
    const unnamed = inflicted.filter((each) => !isNamed(each, findings));
    const words = inflicted.map(({ kind, aim, by }) => `${kind.name}: ${aim.id} by ${by}`);
    const what = { seed: SEED, left, words };
    expect({ ...what, unnamed: unnamed.map(({ kind }) => kind.name) }).toEqual({
      ...what,
      unnamed: [],
    });
    const texts = findings.flatMap(({ violations }) => violations);
    const hurt = new Set(inflicted.map(({ aim }) => aim.paymentId));
    const accused = payments.filter(
      (id) => !hurt.has(id) && texts.some((violation) => violation.includes(id)),
    );
    expect({ ...what, accused }).toEqual({ ...what, accused: [] });
    for (const { kind } of inflicted) met.add(kind.name);
  }
  if (FOR_THE_AUDITOR >= 250) expect(met.size).toBe(KINDS.length);
});
